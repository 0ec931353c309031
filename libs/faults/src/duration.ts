const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000 }

/** Milliseconds from `500ms`, `1.5s`, `2m`, or a bare number of milliseconds; NaN for anything else. A sign is kept. */
export function parseDuration (text: string): number {
  const [, number, unit = 'ms'] = /^(-?\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? []
  return number === undefined ? Number.NaN : Math.round(Number(number) * UNITS_MS[unit]!)
}

/** The shortest of `2m`, `5s`, `1500ms` that is exact. */
export function formatDuration (ms: number): string {
  if (ms === 0) return '0ms'
  if (ms % 60_000 === 0) return `${ms / 60_000}m`
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}
