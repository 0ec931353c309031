import { Console } from 'node:console'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { concat, inProcessExecutor, MAP_INPUT_RECORDS, REDUCE_INPUT_GROUPS, sampleBounds, sequential } from '@ipfs-mapreduce/mapreduce'
import type { Bounds, Program, SequentialFile, SequentialResult } from '@ipfs-mapreduce/mapreduce'
import { createClosers, createLog } from '@ipfs-mapreduce/service'
import { openOffline } from '../client/client.ts'
import { refuseAbsent } from '../content/absence.ts'
import { prepareInput } from '../input/prepare.ts'
import { parseInput, refuseCollisions } from '../input/source.ts'
import type { Interrupt } from '../interrupt.ts'
import { checkArgs, findProgram } from '../job/program.ts'
import type { RunOptions } from '../job/run.ts'
import { refuseOccupied, writeOutput } from '../output.ts'
import { formatDuration, plural } from '../view/format.ts'
import type { Reporter } from '../view/reporter.ts'
import { loadHere } from './load-here.ts'
import { watched } from './watched.ts'

export type LocalOptions = Pick<RunOptions, 'program' | 'inputs' | 'reducers' | 'output' | 'chunkBytes' | 'separator' | 'args' | 'skipBadRecords' | 'dataDir' | 'ipfs'>

export interface LocalOutcome extends SequentialResult {
  program: string
  /** CIDs of the input, and of the output directory: those that a cluster would give. */
  input: string
  result: string
  seconds: number
}

interface LocalContext {
  report: Reporter
  interrupt: Interrupt
}

/** The name of a part, as a job's result has it. */
const partName = (partition: number): string => `part-r-${String(partition).padStart(5, '0')}`

/**
 * Runs a program in this process and in order, through the oracle that every job's result is held to: no cluster, no
 * sandbox, nothing streamed. A debugger that is attached to this process stops in the program's sources.
 */
export async function runLocal (options: LocalOptions, { report, interrupt }: LocalContext): Promise<LocalOutcome> {
  const { path } = findProgram(options.program)
  checkArgs(options.program, options.args)
  const sources = options.inputs.map(parseInput)
  refuseCollisions(sources)
  if (options.output !== undefined) await refuseOccupied(options.output)
  const log = createLog('ipmr', { level: 'silent', format: 'json' })
  const closers = createClosers(log)
  try {
    const { files } = await openOffline(options.dataDir, log, closers, options.ipfs)
    report.step('preparing the input')
    const { signal } = interrupt
    const input = await prepareInput(files, sources, { signal, chunkBytes: options.chunkBytes, report, dataDir: options.dataDir, ipfs: options.ipfs })
    await refuseAbsent(files, input, options)
    report.done()
    // What a program prints is not its result. And while it computes nobody listens to signals: they end the process.
    globalThis.console = new Console(process.stderr, process.stderr)
    interrupt.letGo()
    const { program, warnings, stackOf } = await loadHere(path)
    for (const warning of warnings) report.note(`warning: ${warning}`)
    const outcome = await compute(watched(program), input, files, options, stackOf)
    report.note(`${plural(outcome.counters[MAP_INPUT_RECORDS] ?? 0, 'record')}, ${plural(outcome.counters[REDUCE_INPUT_GROUPS] ?? 0, 'key')}, ${formatDuration(outcome.seconds * 1000)}`)
    if (options.output !== undefined) {
      const written = await writeOutput(files, outcome.result, options.output, { signal })
      report.note(`wrote ${plural(written.length, 'file')} to ${options.output}`)
    }
    return outcome
  } finally {
    await closers.close()
  }
}

async function compute ({ program, failure }: ReturnType<typeof watched>, input: string, files: HeliaFiles, options: LocalOptions, stackOf: (error: Error) => string): Promise<LocalOutcome> {
  const { args, reducers, separator, skipBadRecords } = options
  const started = performance.now()
  try {
    const bounds = await boundsOf(program, input, files, options)
    const made = await sequential(program, wholeFiles(files, input), { args, reducers, separator, skipBadRecords, bounds })
    const seconds = (performance.now() - started) / 1000
    const entries = await Promise.all(made.parts.map(async (part, partition) => ({ name: partName(partition), ...await files.put([part]) })))
    return { ...made, seconds, program: options.program, input, result: await files.directory(entries) }
  } catch (error) {
    throw failure(error, stackOf)
  }
}

/** As the client of a cluster samples them. */
async function boundsOf (program: Program, input: string, files: HeliaFiles, { reducers, args, skipBadRecords }: LocalOptions): Promise<Bounds | undefined> {
  if (program.partition !== 'range') return undefined
  const executor = inProcessExecutor({ load: async () => program })
  return await sampleBounds({ input, inputFormat: program.input, args, reducers, skipBadRecords }, { files, executor, program: new Uint8Array(), signal: new AbortController().signal })
}

async function * wholeFiles (files: HeliaFiles, input: string): AsyncIterable<SequentialFile> {
  for await (const { path, cid, bytes } of files.walk(input)) {
    const pieces: Uint8Array[] = []
    for await (const piece of files.read(cid)) pieces.push(piece)
    yield { path, content: concat(pieces, bytes) }
  }
}
