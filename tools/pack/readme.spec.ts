import { expect, it } from '@jest/globals'
import { examplesOf } from './readme.ts'

it('the code of a README is run in its order, beside the modules that it shows, and prints what it says', () => {
  const readme = ['# x', '```ts', '// words.ts', 'export default 1', '```', 'Then:', '```ts', 'import "./words.ts"', 'console.log(1)', '```', '```text', '1', '```', '```console', '$ npm i x', '```', '```js', 'f()', '```'].join('\n')
  expect(examplesOf('x', readme)).toEqual([
    { file: 'words.ts', code: '// words.ts\nexport default 1\n', line: 3, runs: false },
    { file: 'x-8.ts', code: 'import "./words.ts"\nconsole.log(1)\n', line: 8, runs: true, prints: '1' },
    { file: 'x-18.js', code: 'f()\n', line: 18, runs: true }
  ])
})
