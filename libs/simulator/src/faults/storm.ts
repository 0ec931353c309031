import type { MessageFault } from './fault.ts'
import type { Cargo, Interceptor, Verdict } from '../network/delivery.ts'
import type { SeededRandom } from '../prng.ts'

export interface StormInit {
  random: SeededRandom
  nowMs: () => number
  /** No fault lasts longer. */
  endMs: number
  onStrike: (fault: MessageFault) => void
}

/** Judges all that is sent by the message faults that are active then. What several of them do adds up; a drop ends it. */
export function storm (faults: readonly MessageFault[], { random, nowMs, endMs, onStrike }: StormInit): Interceptor {
  const matches = faults.map(({ of }) => matcher(of))
  return ({ cargo }) => {
    const at = nowMs()
    if (at >= endMs) return undefined
    let verdict: Verdict | undefined
    for (const [i, fault] of faults.entries()) {
      if (at < fault.atMs || at >= fault.atMs + fault.forMs || !matches[i]!(cargo) || !random.chance(fault.p)) continue
      if (fault.kind === 'duplicate' && cargo.kind !== 'gossip') continue
      onStrike(fault)
      verdict = { ...verdict, ...effect(fault, verdict, random) }
      if (verdict.drop === true) break
    }
    return verdict
  }
}

function effect ({ kind, ms = 0 }: MessageFault, { delayMs = 0, copies = 0 }: Verdict = {}, random: SeededRandom): Verdict {
  switch (kind) {
    case 'drop': return { drop: true }
    case 'delay': return { delayMs: delayMs + ms }
    case 'reorder': return { delayMs: delayMs + random.int(ms + 1) }
    case 'duplicate': return { copies: copies + 1 }
    case 'corrupt': return { damage: random.random() }
  }
}

function matcher (of: string): (cargo: Cargo) => boolean {
  if (of === 'any') return () => true
  if (of === 'gossip' || of === 'request' || of === 'answer' || of === 'block') return ({ kind }) => kind === of
  if (of.startsWith('re:')) return cargo => cargo.kind === 'answer' && cargo.request.type === of.slice(3)
  return cargo => (cargo.kind === 'request' || cargo.kind === 'gossip') && cargo.message.type === of
}
