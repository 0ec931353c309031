import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { collect, LINE, mapWork, options, program, testSandbox } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'

const executor = bundledExecutor()

let test: TestSandbox
beforeEach(() => { test = testSandbox({ entry: executor.entry }) })
afterEach(() => test.remove())

/** What expressions are in a program's map, as JSON. */
async function seen (expressions: string[], { task = 0, job = 'one', more = '' } = {}): Promise<unknown[]> {
  const bundle = program(`emit('<' + JSON.stringify([${expressions.join(', ')}]) + '>', 1)`, more)
  const { outputs, release } = await test.sandbox.execute(mapWork(LINE.length, { task }), options(bundle, { job }))
  const run = Buffer.from(await collect(outputs[0]!.content())).toString()
  await release()
  return JSON.parse(/<(.*)>/s.exec(run)![1]!) as unknown[]
}

const RANDOM = ['Array.from({ length: 5 }, () => Math.random())']

describe('a deterministic program', () => {
  it('has one and the same time', async () => {
    const epoch = '1970-01-01T00:00:00.000Z'
    const shown = 'Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)'
    expect(await seen([
      'Date.now()', 'new Date()', 'Date()', 'new Date().constructor.now()', 'new (class extends Date {})()', 'Reflect.construct(Date, [])',
      'new Intl.DateTimeFormat("en", { timeStyle: "full" }).format()', 'new Intl.DateTimeFormat().formatToParts().map(({ value }) => value).join("")',
      '[1, 2].map(new Intl.DateTimeFormat().format).join()'
    ])).toEqual([0, epoch, shown, 0, epoch, epoch, '12:00:00 AM Coordinated Universal Time', '1/1/1970', '1/1/1970,1/1/1970'])
  })

  it('has dates that are the language\'s in all else', async () => {
    expect(await seen([
      'new Date(5) instanceof Date', 'Date.name', 'Date.length', 'new Date("2024-02-29T12:00:00+02:00")', 'Date.UTC(2000, 0)', 'Date.parse("2000")',
      'new Date(2020, 1, 2).getTimezoneOffset()', 'typeof Date(5)', 'Object.prototype.toString.call(new Date())', 'new Date(2001, 1, 3, 4, 5, 6, 7).toISOString()'
    ])).toEqual([true, 'Date', 7, '2024-02-29T10:00:00.000Z', 946684800000, 946684800000, 0, 'string', '[object Date]', '2001-02-03T04:05:06.007Z'])
  })

  it('has one time zone and one locale, whatever those of the machine', async () => {
    expect(await seen(['Intl.DateTimeFormat().resolvedOptions().timeZone', 'Intl.DateTimeFormat().resolvedOptions().locale', '(1234.5).toLocaleString()', '["b", "a", "ä", "Z"].sort((x, y) => x.localeCompare(y)).join("")']))
      .toEqual(['UTC', 'en-US', '1,234.5', 'aäbZ'])
  })

  it('sees nothing of when memory is collected', async () => {
    expect(await seen(['typeof WeakRef', 'typeof FinalizationRegistry', 'typeof performance'])).toEqual(['undefined', 'undefined', 'undefined'])
  })

  it('draws the same numbers for equal tasks of any job, and others for others', async () => {
    const [first] = await seen(RANDOM) as [number[]]
    expect(first.every(n => n >= 0 && n < 1)).toBe(true)
    expect(new Set(first).size).toBe(5)
    expect(await seen(RANDOM)).toEqual([first])
    expect(await seen(RANDOM, { job: 'two' })).toEqual([first])
    expect(await seen(RANDOM, { task: 1 })).not.toEqual([first])
    expect(await seen(RANDOM, { more: 'combine () {}' })).not.toEqual([first])
  })

  it('draws as it loads what it draws there again', async () => {
    const bundle = (n: number) => Buffer.from(program('emit(String(drawn), 1)')).toString().replace(/^/, `const drawn = Math.random() // ${n}\n`)
    const runs = new Set<string>()
    for (const job of ['one', 'one', 'two']) {
      const { outputs } = await test.sandbox.execute(mapWork(LINE.length), options(Buffer.from(bundle(1)), { job }))
      runs.add(Buffer.from(await collect(outputs[0]!.content())).toString('hex'))
    }
    expect(runs.size).toBe(1)
  })
})

describe('a program that says that it is not deterministic', () => {
  const more = 'deterministic: false'

  it('has the real time and real chance', async () => {
    const before = Date.now()
    const [now, random, weak] = await seen(['Date.now()', 'Math.random()', 'typeof WeakRef'], { more }) as [number, number, string]
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
    expect(weak).toBe('function')
    const [, other] = await seen(['Date.now()', 'Math.random()'], { more })
    expect(other).not.toBe(random)
  })

  it('has the time zone and the locale of all the same', async () => {
    expect(await seen(['new Date(0).toString()', '(1234.5).toLocaleString()'], { more })).toEqual(['Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)', '1,234.5'])
  })
})
