import { setTimeout as delay } from 'node:timers/promises'
import { ProcFiles } from './proc-files.ts'

/**
 * Between two looks at the processes. The kernel keeps each one's peak and time; what it did after the last look before its end
 * is not seen.
 */
const SAMPLE_MS = 100
/** How long processes do nothing before they count as at rest; longer than a sandbox waits before it starts a spare executor. */
const REST_MS = 1_200
const REST_TIMEOUT_MS = 20_000
/** What a service that rests takes for its heartbeats is less. */
const HEARTBEAT_TICKS = 4
/** What Node calls the thread that a process is known by. */
const NODE_MAIN_THREAD = 'MainThread'
const KIB_PER_MIB = 1024
/** USER_HZ of proc(5), which is 100 wherever Node runs. */
const TICKS_PER_SECOND = 100

/** What a run took of memory and processors. MiB are peaks of what is resident (VmHWM of proc(5)). */
export interface Footprint {
  /** Of the process that had most, and its name. */
  largestMiB: number
  largest: string
  /** The peaks of all processes that lived at once, added up: shared pages count for each. */
  sumMiB: number
  /** By name; of several processes of one name that of the largest. */
  peakMiB: Record<string, number>
  /** Processor seconds by name, summed. */
  cpuSeconds: Record<string, number>
}

interface Seen {
  name: string
  peakKiB: number
  /** Ticks when it was first seen, where it ran before the watch began. */
  fromTicks: number
  ticks: number
}

/** Whether this system tells what a process takes: Linux does. */
export const TELLS_FOOTPRINTS = process.platform === 'linux'

/**
 * Watches processes and all their descendants until `stop`. Roots are named by whoever started them; a descendant is
 * named by its root, or by its command where the root's name is empty.
 */
export class ProcessTreeWatch {
  readonly #roots: () => Map<number, string>
  readonly #seen = new Map<number, Seen>()
  #sumKiB = 0
  readonly #files = new ProcFiles()
  #timer: NodeJS.Timeout | undefined

  constructor (roots: () => Map<number, string>) {
    this.#roots = roots
  }

  /** Processes that run already are charged from now on. */
  start (): void {
    if (!TELLS_FOOTPRINTS) return
    this.#look(true)
    this.#timer = setInterval(() => { this.#look(false) }, SAMPLE_MS)
  }

  /** Looks a last time. `undefined` where the system does not tell. */
  stop (): Footprint | undefined {
    if (!TELLS_FOOTPRINTS) return undefined
    clearInterval(this.#timer)
    this.#look(false)
    this.#files.close()
    return footprintOf([...this.#seen.values()], this.#sumKiB)
  }

  #look (first: boolean): void {
    const alive = new Map<number, string>()
    for (const [pid, name] of this.#roots()) addTree(this.#files, pid, name, alive)
    let sumKiB = 0
    for (const [pid, name] of alive) {
      const now = readProcess(this.#files, pid)
      if (now === undefined) continue
      const seen = this.#seen.get(pid) ?? { name: name === '' ? now.command : name, peakKiB: 0, fromTicks: first ? now.ticks : 0, ticks: 0 }
      this.#seen.set(pid, seen)
      // A process that was just started has its parent's command until it has its own.
      if (name === '') seen.name = now.command
      seen.peakKiB = Math.max(seen.peakKiB, now.peakKiB)
      seen.ticks = Math.max(seen.ticks, now.ticks)
      sumKiB += now.peakKiB
    }
    this.#sumKiB = Math.max(this.#sumKiB, sumKiB)
  }
}

/**
 * Waits until processes and their descendants rest: none starts, ends or takes processor time for a while. Rejects where they
 * still do not after REST_TIMEOUT_MS, or on abort.
 */
export async function untilAtRest (roots: () => Map<number, string>, signal: AbortSignal): Promise<void> {
  if (!TELLS_FOOTPRINTS) return
  const files = new ProcFiles()
  try {
    const deadlineMs = performance.now() + REST_TIMEOUT_MS
    for (let before = '', restingMs = 0; restingMs < REST_MS;) {
      if (performance.now() > deadlineMs) throw new Error(`the services still do not rest after ${REST_TIMEOUT_MS / 1000} s`)
      await delay(SAMPLE_MS, undefined, { signal })
      const now = activity(files, roots())
      restingMs = now === before ? restingMs + SAMPLE_MS : 0
      before = now
    }
  } finally {
    files.close()
  }
}

/** Processes and their time, heartbeats aside. */
function activity (files: ProcFiles, roots: Map<number, string>): string {
  const alive = new Map<number, string>()
  for (const [pid, name] of roots) addTree(files, pid, name, alive)
  return [...alive.keys()].map(pid => `${pid} ${Math.floor((readProcess(files, pid)?.ticks ?? 0) / HEARTBEAT_TICKS)}`).join()
}

function footprintOf (seen: Seen[], sumKiB: number): Footprint {
  const peakMiB: Record<string, number> = {}
  const cpuSeconds: Record<string, number> = {}
  for (const { name, peakKiB, fromTicks, ticks } of seen) {
    peakMiB[name] = Math.max(peakMiB[name] ?? 0, Math.round(peakKiB / KIB_PER_MIB))
    cpuSeconds[name] = round((cpuSeconds[name] ?? 0) + (ticks - fromTicks) / TICKS_PER_SECOND)
  }
  const [largest = '', largestMiB = 0] = Object.entries(peakMiB).sort(([, a], [, b]) => b - a)[0] ?? []
  return { largestMiB, largest, sumMiB: Math.round(sumKiB / KIB_PER_MIB), peakMiB, cpuSeconds }
}

function round (seconds: number): number {
  return Math.round(seconds * TICKS_PER_SECOND) / TICKS_PER_SECOND
}

/** A process and its descendants, which a service calls its executors. */
function addTree (files: ProcFiles, pid: number, name: string, into: Map<number, string>): void {
  into.set(pid, name)
  const children = files.read(`/proc/${pid}/task/${pid}/children`)
  for (const child of (children ?? '').split(' ').filter(Boolean)) {
    addTree(files, Number(child), name === '' || name.endsWith(' executor') ? name : `${name} executor`, into)
  }
}

interface Reading { command: string, peakKiB: number, ticks: number }

/** A thread of a process that ends is left out, as is one that has no memory any more. */
function readProcess (files: ProcFiles, pid: number): Reading | undefined {
  const status = files.read(`/proc/${pid}/status`)
  const stat = files.read(`/proc/${pid}/stat`)
  const peak = /VmHWM:\s+(\d+) kB/.exec(status ?? '')?.[1]
  if (stat === undefined || peak === undefined) return undefined
  // The command is in parentheses, and may have some itself.
  const close = stat.lastIndexOf(')')
  const fields = stat.slice(close + 2).split(' ')
  const command = stat.slice(stat.indexOf('(') + 1, close)
  return { command: command === NODE_MAIN_THREAD ? 'node' : command, peakKiB: Number(peak), ticks: Number(fields[11]) + Number(fields[12]) }
}
