import type { Announcement, AttemptAssigned } from '../messages.ts'

/** Messages of the compliance suite. */

const CID = `b${'a'.repeat(58)}`

export const heartbeat = (slots: number): Announcement => ({ type: 'heartbeat', cluster: 'local', role: 'mapper', slots, running: [], draining: false })

export const job = (id: string): Announcement => ({ type: 'job', job: id, state: 'running' })

/** An assignment of `splits` splits with paths of 1000 characters: each takes about 1100 bytes on the wire. */
export function assignment (splits: number): AttemptAssigned {
  return {
    type: 'attemptAssigned',
    ref: { job: 'large', kind: 'map', task: 0, attempt: 1 },
    cluster: 'local',
    program: CID,
    reducers: 1,
    args: {},
    separator: ' ',
    splits: Array.from({ length: splits }, (_, n) => ({ file: `${n}/`.padEnd(1_000, 'f'), cid: CID, offset: n, length: 10, fileBytes: splits + 10 })),
    mapTasks: 1,
    providers: [],
    fetchTimeoutMs: 1_000,
    executeTimeoutMs: 1_000,
    skipBadRecords: 0
  }
}
