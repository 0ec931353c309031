import { setTimeout as delay } from 'node:timers/promises'

/** Between two looks at what changes by itself, in milliseconds. */
const LOOK_EVERY_MS = 50
/** Nothing that is waited for takes longer, on a busy machine either. */
const SOON_MS = 20_000

/** Samples by name and labels as Prometheus' text has them: `ipmr_jobs{state="queued"}`. */
export type Samples = ReadonlyMap<string, number>

/** What a service tells Prometheus now. Fails where a line is none of the format. */
export async function scrape (url: string): Promise<Samples> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const samples = new Map<string, number>()
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || line.startsWith('# HELP ') || line.startsWith('# TYPE ')) continue
    const [, name, value] = /^([a-z_][a-z0-9_]*(?:\{[^}]*\})?) (\S+)$/i.exec(line) ?? []
    if (name === undefined || (value !== 'Nan' && Number.isNaN(Number(value)))) throw new Error(`${url} has a line that is no sample: ${line}`)
    samples.set(name, Number(value))
  }
  return samples
}

/** Looks again and again until something is so; fails with what it saw last. */
export async function until<T> (look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  const deadlineMs = performance.now() + SOON_MS
  for (;;) {
    const seen = await look()
    if (isSo(seen)) return seen
    if (performance.now() > deadlineMs) throw new Error(`still not so after ${SOON_MS} ms: ${JSON.stringify(seen)}`)
    await delay(LOOK_EVERY_MS)
  }
}
