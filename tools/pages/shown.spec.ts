import { describe, expect, it } from '@jest/globals'
import { anchorsOf, blocksOf, inlineCodeOf, linksOf } from './markdown.ts'
import { commandsOf, sessionOf } from './session.ts'
import { differs } from './shown.ts'

const printed = ['a warning', 'one  1', 'two 2', '', 'three 3']

describe('what a command printed', () => {
  it.each([[['one 1', 'two 2']], [['…', 'two …', '']], [['a …', '…', 'three 3']], [['one  …', 'two 2', '…']], [['…ee 3']], [[]]])('is as shown: %j', shown => {
    expect(differs(shown, printed)).toBeUndefined()
  })

  it.each([[['one 1', 'three 3'], 'three 3'], [['two 2', 'one 1'], 'one 1'], [['one'], 'one'], [['…', 'four 4'], 'four 4'], [['three 3', 'more'], 'more'], [['one 1', 'two 2', '', 'three 3', ''], '']])('is not as shown: %j', (shown, missing) => {
    expect(differs(shown, printed)).toBe(missing)
  })

  it('is taken literally but for the ellipsis', () => {
    expect(differs(['a.c (1)'], ['abc (1)'])).toBe('a.c (1)')
    expect(differs(['a.c (…)'], ['a.c (1)'])).toBeUndefined()
  })
})

const PAGE = `# A page: its \`name\`

Text with \`code\` and [a link](other.md#part).

Save this as \`a.js\`, and
go on:

\`\`\`js
const x = \`not code\` // [no](link)
\`\`\`

## Next, 2

\`\`\`console
one$ first \\
  --more
said
two$ ^C
\`\`\`

\`\`\`sh
here it is
there it is   # on B
\`\`\`
`

describe('a page', () => {
  it('has blocks, with the paragraph before them', () => {
    expect(blocksOf(PAGE)).toEqual([
      { line: 9, language: 'js', text: 'const x = `not code` // [no](link)\n', section: '# A page: its `name`', before: 'Save this as `a.js`, and\ngo on:' },
      { line: 15, language: 'console', text: 'one$ first \\\n  --more\nsaid\ntwo$ ^C\n', section: '## Next, 2', before: '' },
      { line: 22, language: 'sh', text: 'here it is\nthere it is   # on B\n', section: '## Next, 2', before: '' }
    ])
    expect(() => blocksOf('```sh\nopen')).toThrow('line 2 is not closed')
  })

  it('has commands, with where they are typed and what they show', () => {
    const [, session, commands] = blocksOf(PAGE)
    expect(sessionOf(session!)).toEqual([
      { machine: 'one', command: 'first \\\n  --more', shown: ['said'], line: 15 },
      { machine: 'two', command: '^C', shown: [], line: 18 }
    ])
    expect(commandsOf(commands!).map(({ machine, command }) => [machine, command])).toEqual([['', 'here it is'], ['B', 'there it is   # on B']])
    expect(() => sessionOf({ line: 1, language: 'console', text: 'said\n', section: '', before: '' })).toThrow('line 1')
  })

  it('has code in its text, links and anchors', () => {
    expect(inlineCodeOf(PAGE)).toEqual(['name', 'code', 'a.js'])
    expect(linksOf(PAGE)).toEqual(['other.md#part'])
    expect(anchorsOf(PAGE)).toEqual(['a-page-its-name', 'next-2'])
  })
})
