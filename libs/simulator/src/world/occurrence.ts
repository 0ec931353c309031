import type { LogLine } from '../cluster/log.ts'
import type { Consignment, Delivery } from '../network/delivery.ts'

/** One thing that happens in a world: what checkers observe and transcripts tell. */
export type Occurrence =
  /** Something sets out; it may be lost. */
  | { type: 'sent', consignment: Consignment }
  /** It arrives, or is lost. Its receiver has not acted on it yet. */
  | { type: 'delivery', delivery: Delivery }
  /** A worker executes so many attempts now. */
  | { type: 'executing', peer: string, attempts: number }
  /** A disk has a block no more, whoever dropped it. */
  | { type: 'dropped', peer: string, cid: string }
  /** `run` counts the runs of the process from 0. */
  | { type: 'started', peer: string, run: number }
  | { type: 'ended', peer: string }
  /** A fault strikes: what it does in words, and the peer whose disk or process it takes. */
  | { type: 'fault', kind: string, what: string, peer?: string, cids?: readonly string[] }
  /** The client has learned the id of a job, asks for its end, or submits one whose master forgot it. */
  | { type: 'job', what: 'accepted' | 'cancelling' | 'forgotten', plan: number, job: string, master: string }
  /** A user has resumed a job at another master, or has given up to get its checkpoint. */
  | { type: 'job', what: 'resumed' | 'not resumed', plan: number, job: string, master: string, checkpoint: string }
  /** Somebody has a master take up the jobs of another one, which is lost for good, or will come back after all. */
  | { type: 'takeover', from: string, by: string, forGood: boolean }
  | { type: 'log', line: LogLine }
