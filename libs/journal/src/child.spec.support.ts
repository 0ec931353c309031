/**
 * A process that a test kills: journals in the directory given, synchronised or not, and prints what it was promised, a line each.
 * - `append`: a job's entries 0, 1, 2 …, WINDOW at a time
 * - `replace`: a job's entries by ROUND copies of 0, then of 1 …
 * - `fill`: entries until one fails, whose code it prints, and that of a longer journal in their place; then a short
 *   journal in their place and one entry more
 */
import { fileJournal } from './file-journal.ts'

const WINDOW = 50
const ROUND = 7
const LARGE = 'x'.repeat(1500)

const [dir = '', mode = '', sync] = process.argv.slice(2)
const journal = await fileJournal({ dir, sync: sync === 'sync' })
const say = (line: unknown): Promise<void> => new Promise(resolve => { process.stdout.write(`${String(line)}\n`, () => { resolve() }) })

const append = async (): Promise<never> => {
  let next = 0
  const one = async (): Promise<never> => {
    for (;;) {
      const i = next++
      await journal.append('job', { i, padding: LARGE.slice(0, i % 300) })
      await say(i)
    }
  }
  return await Promise.race(Array.from({ length: WINDOW }, one))
}

const replace = async (): Promise<never> => {
  for (let i = 0; ; i++) {
    await journal.replace('job', Array.from({ length: ROUND }, () => ({ i, padding: LARGE })))
    await say(i)
  }
}

const fill = async (): Promise<void> => {
  for (let i = 0, full = false; !full; i++) {
    await say(await journal.append('job', { i, padding: LARGE }).then(() => i, (error: { code?: unknown }) => {
      full = true
      return error.code
    }))
  }
  await say(await journal.replace('job', Array.from({ length: 1000 }, () => LARGE)).then(() => 'done', (error: { code?: unknown }) => error.code))
  await journal.append('other', 1)
  await journal.replace('job', ['short'])
  await journal.append('job', 'more')
  await journal.close()
}

const modes: Record<string, () => Promise<void>> = { append, replace, fill }
await modes[mode]!()
