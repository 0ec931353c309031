const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

export const count = (n: number): string => whole.format(n)
/** `12.3K`; small numbers as they are. */
export const compact = (n: number): string => n < 10_000 ? whole.format(n) : short.format(n)

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function bytes (n: number): string {
  const power = n < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(n) / 10))
  const value = n / 1024 ** power
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`
}

export function duration (ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** The end of a peer id: its beginning is the same for all. */
export const peerTail = (peer: string): string => peer.length > 10 ? peer.slice(-6) : peer
/** A CID's or an id's two ends. */
export const ends = (text: string): string => text.length > 22 ? `${text.slice(0, 10)}…${text.slice(-8)}` : text
export const percent = (part: number, all: number): string => all === 0 ? '–' : `${Math.round(100 * part / all)} %`
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`
