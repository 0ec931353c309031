/** One kind of event: how often it came, and how long what it set off took. */
export interface Kind {
  readonly name: string
  /** Whose time it is. */
  readonly owner: 'master' | 'cluster'
  ms: number
  count: number
}

/**
 * Times what the master does, and apart from it what stands in for the rest of the cluster. Between two calls of `begin` all
 * time belongs to the event that began, its promises included: nothing but events sets anything off. It is this
 * thread's time, so it has to be multiplied by `processorShare` where other processes run on the machine.
 */
export class Meter {
  readonly #kinds = new Map<string, Kind>()
  #kind: Kind
  #sinceMs: number
  readonly #startedMs: number
  readonly #startedCpuMs: number
  #excludedMs = 0
  #excludedCpuMs = 0

  constructor () {
    this.#kind = this.kind('cluster', 'clock')
    this.#startedMs = this.#sinceMs = performance.now()
    this.#startedCpuMs = threadCpuMs()
  }

  kind (owner: Kind['owner'], name: string): Kind {
    const key = `${owner} ${name}`
    const kind = this.#kinds.get(key) ?? { name, owner, ms: 0, count: 0 }
    this.#kinds.set(key, kind)
    return kind
  }

  /** What comes now belongs to this kind. */
  begin (kind: Kind): void {
    const nowMs = performance.now()
    this.#kind.ms += nowMs - this.#sinceMs
    this.#sinceMs = nowMs
    this.#kind = kind
    kind.count++
  }

  /** Work of the measurement itself, in the middle of an event. */
  exclude<T> (work: () => T): T {
    const [fromMs, fromCpuMs] = [performance.now(), threadCpuMs()]
    const result = work()
    const tookMs = performance.now() - fromMs
    this.#sinceMs += tookMs
    this.#excludedMs += tookMs
    this.#excludedCpuMs += threadCpuMs() - fromCpuMs
    return result
  }

  /** Milliseconds since the meter was made. */
  wallMs (): number {
    return performance.now() - this.#startedMs - this.#excludedMs
  }

  /** How much of a processor this thread had: 1 where nothing else wanted it. */
  processorShare (): number {
    return Math.min(1, (threadCpuMs() - this.#startedCpuMs - this.#excludedCpuMs) / this.wallMs())
  }

  kinds (): ReadonlyArray<Readonly<Kind>> {
    return [...this.#kinds.values()]
  }
}

function threadCpuMs (): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
