import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { DEFAULT_REDUCERS } from '@ipfs-mapreduce/mapreduce'
import { DEFAULT_CLUSTER } from '@ipfs-mapreduce/protocol'
import type { CommandContext } from '../commands/context.ts'
import { plainReason, UsageError } from '../errors.ts'
import type { RunOutcome } from '../job/follow.ts'
import { present } from '../job/present.ts'
import { runJob } from '../job/run.ts'
import type { GivenContext } from '../job/scope.ts'
import { SUCCESS_FILE } from '../output.ts'
import { formatCount, formatDuration } from '../view/format.ts'
import { renderTable } from '../view/table.ts'
import { writeMobyDick } from './moby-dick.ts'
import { topWords } from './top-words.ts'

export interface DemoOptions { output: string, dataDir: string, json?: boolean, quiet?: boolean }

const SHOWN_WORDS = 10
const MAPPERS = 2
/** Small blocks, so that both mappers have something to do. */
const CHUNK_BYTES = 64 * 1024

/** `ipmr demo`, which is `npm start`: the words of a whole book, counted by five processes. */
export async function demo (options: DemoOptions, context: CommandContext): Promise<void> {
  const { output, dataDir, json = false } = options
  await clearOwnOutput(output)
  const dir = await mkdtemp(join(tmpdir(), 'ipmr-demo-'))
  try {
    const text = join(dir, 'moby-dick.txt')
    const bytes = await writeMobyDick(text)
    if (!json) await context.print(`Counting the words of Moby Dick, ${formatCount(bytes)} bytes: 1 master, ${MAPPERS} mappers and 2 reducers, each a process of its own.\n\n`)
    await present(options, context, async given => await count(text, output, dataDir, given), {
      text: async outcome => await summary(outcome, output, context.elapsed()),
      json: async (report, { written }) => ({ ...report, words: await topWords(written, SHOWN_WORDS) })
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function count (text: string, output: string, dataDir: string, given: GivenContext): Promise<RunOutcome> {
  return await runJob({
    program: 'word-count',
    inputs: [text],
    reducers: DEFAULT_REDUCERS,
    output,
    chunkBytes: CHUNK_BYTES,
    splitBytes: 2 * CHUNK_BYTES,
    separator: ' ',
    args: {},
    deadlineMs: 0,
    workerWaitMs: 0,
    maxAttempts: 0,
    skipBadRecords: 0,
    priority: 'normal',
    dataDir,
    reconnectMs: 0,
    cluster: DEFAULT_CLUSTER,
    ipfs: {},
    mappers: MAPPERS,
    mappersGiven: true,
    slots: 1
  }, given)
}

async function summary ({ status, result, written }: RunOutcome, output: string, ms: number): Promise<string> {
  const top = await topWords(written, SHOWN_WORDS)
  const table = renderTable(['', 'word', 'count'], top.map(({ word, count }, index) => [String(index + 1), word, formatCount(count)]), [true, false, true])
  const files = written.map(path => relative(process.cwd(), path))
  return [
    '',
    table,
    '',
    `result   ${result ?? ''}`,
    `record   ${status.record ?? ''}`,
    `files    ${files.join('  ')}`,
    `splits   ${status.localSplits} mapped where their blocks are, ${status.remoteSplits} elsewhere`,
    `time     ${formatDuration(ms)}`,
    '',
    `Next: npx ipmr run word-count FILE --output ${relative(process.cwd(), `${output}-2`)}, or npx ipmr --help`,
    ''
  ].join('\n')
}

/** The last run's files make room for this one's; anything else in their place is somebody's. */
async function clearOwnOutput (dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new UsageError(`the demo cannot write to ${dir}: ${plainReason(error)}: name another directory with --output`, '', { cause: error })
  })
  const foreign = names.find(name => name !== SUCCESS_FILE && !/^\.?part-r-\d{5}/.test(name))
  if (foreign !== undefined) throw new UsageError(`${dir} holds ${foreign}, which no job wrote: name another directory with --output`)
  await rm(dir, { recursive: true, force: true })
}
