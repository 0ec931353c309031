import { sha256 } from '@noble/hashes/sha2.js'
import type { Occurrence } from '../world/occurrence.ts'
import { formatDelivery } from '../network/trace.ts'

/** Gossip that comes every second says little to a reader. */
const PERIODIC = new Set(['heartbeat', 'masterAdvert'])

/** What happened in a run, line by line. The same scenario gives the same one. */
export interface Transcript {
  observe: (occurrence: Occurrence, nowMs: number) => void
  /** For people: without heartbeats, adverts and blocks. */
  lines: () => string[]
  /** SHA-256 of every line, in hexadecimal digits; equal for equal runs. */
  hash: () => string
}

export function createTranscript (): Transcript {
  const all: Array<{ line: string, shown: boolean }> = []
  return {
    observe (occurrence, nowMs) {
      const line = format(occurrence, nowMs)
      if (line !== undefined) all.push({ line, shown: isShown(occurrence) })
    },
    lines: () => all.filter(({ shown }) => shown).map(({ line }) => line),
    hash: () => Array.from(sha256(new TextEncoder().encode(all.map(({ line }) => line).join('\n'))), byte => byte.toString(16).padStart(2, '0')).join('')
  }
}

function isShown (occurrence: Occurrence): boolean {
  if (occurrence.type !== 'delivery') return true
  const { cargo } = occurrence.delivery
  return cargo.kind !== 'block' && !PERIODIC.has(cargo.message.type)
}

function format (occurrence: Occurrence, nowMs: number): string | undefined {
  switch (occurrence.type) {
    case 'delivery': return formatDelivery(occurrence.delivery)
    case 'started': return occurrence.run === 0 ? undefined : `${nowMs} ${occurrence.peer} starts again`
    case 'ended': return `${nowMs} ${occurrence.peer} ends`
    case 'fault': return `${nowMs} fault: ${occurrence.what}`
    case 'job': return `${nowMs} user: ${occurrence.job} at ${occurrence.master} ${occurrence.what}`
    case 'takeover': return `${nowMs} user: ${occurrence.by} shall take up the jobs of ${occurrence.from}`
    case 'log': {
      const { line: { atMs, peer, level, message, fields } } = occurrence
      return level === 'warn' || level === 'error' ? `${atMs} ${peer} ${level}: ${message} ${JSON.stringify(fields)}` : undefined
    }
    default: return undefined
  }
}
