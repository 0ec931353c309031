import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What all metrics of ours begin with. */
export const PREFIX = 'ipmr_'

/** Upper bounds, in seconds. */
export const BUCKETS = {
  /** What a disk or a peer nearby does. */
  quick: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  /** What an attempt or a job takes. */
  long: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600, 1800, 3600, 14_400]
} as const

export const MS_PER_SECOND = 1000

/** Samples of a gauge by their labels, as they are at this moment. */
export type Reading<L extends string> = Iterable<readonly [Record<L, string>, number]>

/** Makes metrics in one registry. Names are given without the prefix; that of a counter ends in `_total`, that of a time in `_seconds`. */
export interface Maker {
  counter: <L extends string = never>(name: string, help: string, labels?: readonly L[]) => Counter<L>
  histogram: <L extends string = never>(name: string, help: string, buckets: readonly number[], labels?: readonly L[]) => Histogram<L>
  /** Read at each scrape; undefined where there is nothing to read yet. */
  gauge: (name: string, help: string, read: () => number | undefined) => void
  gauges: <L extends string>(name: string, help: string, labels: readonly L[], read: () => Reading<L>) => void
  /** A count that is kept elsewhere, and only grows. */
  counted: <L extends string = never>(name: string, help: string, labels: readonly L[], read: () => Reading<L>) => void
}

export function makerOf (registry: Registry): Maker {
  const registers = [registry]
  return {
    counter: (name, help, labels = []) => new Counter({ name: PREFIX + name, help, labelNames: labels, registers }),
    histogram: (name, help, buckets, labels = []) => new Histogram({ name: PREFIX + name, help, buckets: [...buckets], labelNames: labels, registers }),
    gauge: (name, help, read) => {
      new Gauge({
        name: PREFIX + name, help, registers,
        collect () {
          const value = read()
          if (value === undefined) this.remove()
          else this.set(value)
        }
      })
    },
    gauges: (name, help, labels, read) => {
      new Gauge({
        name: PREFIX + name, help, labelNames: labels, registers,
        collect () {
          this.reset()
          for (const [at, value] of read()) this.set(at, value)
        }
      })
    },
    counted: (name, help, labels, read) => {
      new Counter({
        name: PREFIX + name, help, labelNames: labels, registers,
        collect () {
          this.reset()
          for (const [at, value] of read()) this.inc(at, value)
        }
      })
    }
  }
}
