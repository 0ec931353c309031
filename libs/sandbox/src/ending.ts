import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { outOfMemory } from './program-guard.ts'

/** How an executor process ended. */
export interface Ending {
  /** Whether it had come up before. */
  started: boolean
  code: number | null
  signal: string | null
  /** The last of its stderr. */
  stderr: string
  maxHeapMiB: number
}

/** Signals that others send to a process; every other one it brings on itself. */
const FROM_OUTSIDE = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'])
/** V8 says so in its last words, as `Reached heap limit … JavaScript heap out of memory`. */
const OUT_OF_MEMORY = /heap out of memory|FATAL ERROR:.*out of memory|Catastrophic out-of-memory/i
/** What Node writes below the line that matters: a stack, an error's properties, its version. */
const NOISE = /^(Node\.js v|\s|\}|$)/

/** Why an attempt failed whose executor ended under it. */
export function endingError ({ started, code, signal, stderr, maxHeapMiB }: Ending): MapReduceError {
  const how = signal === null ? `exit code ${code}` : signal
  const line = stderr.split('\n').findLast(each => !NOISE.test(each))?.trim()
  const said = line === undefined ? '' : `: ${line}`
  if (!started) return new MapReduceError('TRANSIENT', `the executor did not start (${how})${said}`)
  if (code !== 0 && OUT_OF_MEMORY.test(stderr)) {
    return new MapReduceError('PROGRAM', outOfMemory(maxHeapMiB).message)
  }
  if (signal === null) return new MapReduceError('PROGRAM', `the program ended its executor with ${how}${said}`)
  if (FROM_OUTSIDE.has(signal)) return new MapReduceError('TRANSIENT', `the executor was ended by ${how} from outside${said}`)
  return new MapReduceError('PROGRAM', `the program crashed its executor with ${how}${said}`)
}
