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
