/** When a fault begins and how long it lasts, in virtual milliseconds. It ends with the time of faults at the latest. */
export interface Span {
  atMs: number
  forMs: number
}

/** Faults of what travels: each thing sent in that time is struck with the probability `p`. */
export interface MessageFault extends Span {
  /** `delay` adds `ms`; `reorder` adds a time drawn up to `ms`, so that others overtake it; `duplicate` is for gossip, streams do not repeat. */
  kind: 'drop' | 'delay' | 'reorder' | 'duplicate' | 'corrupt'
  /** `any`, a kind of cargo (`gossip`, `request`, `answer`, `block`), the type of a request or an announcement, or `re:` and the type that is answered. */
  of: string
  p: number
  /** Milliseconds, of `delay` and `reorder`. */
  ms?: number
}

/** Peers that cannot talk to each other, or not one way. What is sent is lost in silence. */
export interface CutFault extends Span {
  kind: 'partition' | 'cut'
  from: string[]
  to: string[]
}

/** A process ends and comes back after `forMs`; without memory, and without its disk (and journal) if that is wiped. */
export interface CrashFault extends Span {
  kind: 'crash'
  peer: string
  disk: 'kept' | 'wiped'
}

/** A worker leaves in good order (`drain`), or a worker or master at once (`stop`), and comes back `forMs` later. */
export interface LeaveFault extends Span {
  kind: 'drain' | 'stop'
  peer: string
}

/** One block of those on a peer's disk, sorted by CID, is lost or damaged: the one at this share of them, 0 ≤ which < 1. */
export interface BlockFault {
  kind: 'lose' | 'rot'
  atMs: number
  peer: string
  which: number
}

/** A disk takes nothing new. */
export interface FullFault extends Span {
  kind: 'full'
  peer: string
}

/** A stranger says to peers what others have said to them: as many requests, of the last that were sent, as there are shares, 0 ≤ which < 1. */
export interface ForgeFault {
  kind: 'forge'
  atMs: number
  which: number[]
}

/**
 * The machine of a master is lost for good, its disk and journal with it. `resumeMs` later somebody has another master take up its jobs, from the last
 * checkpoints that it has announced or, where there is none, from their beginning. That master is there already, or starts then.
 */
export interface TakeoverFault {
  kind: 'takeover'
  peer: string
  by: string
  atMs: number
  resumeMs: number
}

/** The same of a master that comes back after all, `forMs` after it was lost, with its disk and journal: then two run the same jobs. */
export interface RivalFault extends Span {
  kind: 'rival'
  peer: string
  by: string
  resumeMs: number
}

/** A process suffers faults of its own, in the language of `@ipfs-mapreduce/faults`; times in it count from the process's start. */
export interface ProcessFault {
  kind: 'process'
  peer: string
  faults: string
}

/** One fault, as data (JSON). Peers are named as in `createWorld`. */
export type Fault = MessageFault | CutFault | CrashFault | LeaveFault | BlockFault | FullFault | ForgeFault | TakeoverFault | RivalFault | ProcessFault
export type FaultKind = Fault['kind']

/** Every kind, in the order in which reports list them. */
export const FAULT_KINDS = ['drop', 'delay', 'reorder', 'duplicate', 'corrupt', 'partition', 'cut', 'crash', 'drain', 'stop', 'lose', 'rot', 'full', 'forge', 'takeover', 'rival', 'process'] as const satisfies readonly FaultKind[]

export function isMessageFault (fault: Fault): fault is MessageFault {
  return fault.kind === 'drop' || fault.kind === 'delay' || fault.kind === 'reorder' || fault.kind === 'duplicate' || fault.kind === 'corrupt'
}
