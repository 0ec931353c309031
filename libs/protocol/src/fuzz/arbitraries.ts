import fc from 'fast-check'
import { MAX_MAP_TASKS, MAX_REDUCERS, MAX_SORT_BUFFER_BYTES, MIN_SORT_BUFFER_BYTES, toHex } from '@ipfs-mapreduce/mapreduce'
import type { ErrorCode, InputFormat } from '@ipfs-mapreduce/mapreduce'
import { MAX_ATTEMPTS, MAX_DURATION_MS, MAX_SKIP_BAD_RECORDS, MAX_SLOTS } from '../constants.ts'
import type { Announcement, Message } from '../messages.ts'

/** Any code point; half surrogates are not text. fast-check's own, `unit: 'binary'`, makes a table of all million of them first. */
export const codePoint = fc.nat(0x10ffff - 0x800).map(n => String.fromCodePoint(n < 0xd800 ? n : n + 0x800))
const words = (min: number, max: number) => fc.string({ unit: codePoint, minLength: min, maxLength: max })
const ascii = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)), minLength: 1, maxLength: 40 })
const base32 = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), minLength: 58, maxLength: 58 })
const cid = fc.oneof(base32.map(tail => `b${tail}`), fc.constant('QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'))
const count = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.constantFrom(0, 127, 128, 2 ** 32, 2 ** 49, Number.MAX_SAFE_INTEGER))
const small = fc.oneof(fc.nat(300), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1))
const ms = fc.nat(MAX_DURATION_MS)
const slots = fc.nat(MAX_SLOTS)
const task = fc.nat(MAX_MAP_TASKS - 1)
const cluster = fc.stringMatching(/^[a-z0-9-]{1,63}$/)
const role = fc.constantFrom('master' as const, 'mapper' as const, 'reducer' as const, 'client' as const)
const codes: ErrorCode[] = ['TRANSIENT', 'PROGRAM', 'FATAL', 'BLOCK_UNAVAILABLE', 'INPUT_LOST', 'TIMEOUT', 'ABORTED', 'STORAGE', 'BAD_INPUT', 'REFUSED', 'UNREACHABLE']
const code = fc.constantFrom(...codes)
const addresses = fc.array(ascii.map(tail => `/${tail}`), { maxLength: 3 })
const state = words(1, 20)
const reason = words(0, 60)
const key = fc.oneof(words(1, 20), fc.constantFrom('__proto__', 'constructor', 'toString', '1'))
const args = fc.uniqueArray(fc.tuple(key, words(0, 30)), { selector: ([name]) => name, maxLength: 5 }).map(pairs => Object.fromEntries(pairs))
const counters = fc.uniqueArray(fc.tuple(key, fc.oneof(count, count.map(n => 0 - n))), { selector: ([name]) => name, maxLength: 5 })
  .map(pairs => Object.fromEntries(pairs.map(([name, n]) => [name, n + 0])))
const format: fc.Arbitrary<InputFormat> = fc.oneof(
  fc.constantFrom('lines' as const, 'raw-lines' as const, 'text' as const, 'ndjson' as const, 'csv' as const),
  fc.record({ bytes: fc.integer({ min: 1, max: 2 ** 28 }) }))
const ref = fc.record({ job: ascii, kind: fc.constantFrom('map' as const, 'reduce' as const), task, attempt: fc.integer({ min: 1, max: MAX_ATTEMPTS }) })
const running = fc.array(fc.record({ ref, state, records: count }), { maxLength: 3 })
const failure = fc.record({ code, message: reason, stack: words(1, 60), cid }, { requiredKeys: ['code', 'message'] })
const run = fc.record({ mapTask: task, partition: fc.nat(MAX_REDUCERS - 1), cid, bytes: count, records: count })
const split = fc.tuple(words(1, 40), cid, fc.nat(2 ** 30), fc.nat(2 ** 30), fc.nat(2 ** 30))
  .map(([file, cid, offset, length, rest]) => ({ file, cid, offset, length, fileBytes: offset + length + rest }))
/** Some jobs have a sort buffer of their own. */
const sortBuffer = <T extends object>(of: fc.Arbitrary<T>): fc.Arbitrary<T & { sortBufferBytes?: number }> =>
  fc.tuple(of, fc.option(fc.integer({ min: MIN_SORT_BUFFER_BYTES, max: MAX_SORT_BUFFER_BYTES })))
    .map(([value, sortBufferBytes]) => ({ ...value, ...sortBufferBytes !== null && { sortBufferBytes } }))
/** Some inputs lie below what a person has named. */
const roots = <T extends object>(of: fc.Arbitrary<T>): fc.Arbitrary<T & { roots?: string[] }> =>
  fc.tuple(of, fc.array(cid, { maxLength: 3 })).map(([value, roots]) => ({ ...value, ...roots.length > 0 && { roots } }))
/** Some jobs have bounds: one fewer than reducers. */
const bounds = <T extends { reducers: number }>(of: fc.Arbitrary<T>): fc.Arbitrary<T & { bounds?: string[] }> => of.chain(value => value.reducers === 1 || value.reducers > 9
  ? fc.constant(value)
  : fc.option(fc.array(fc.uint8Array({ maxLength: 9 }).map(toHex), { minLength: value.reducers - 1, maxLength: value.reducers - 1 }))
    .map(bounds => ({ ...value, ...bounds !== null && { bounds: bounds.sort() } })))
const reducers = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: MAX_REDUCERS }))
const spec = sortBuffer(fc.record({ program: cid, programName: words(0, 20), inputFormat: format, input: cid, reducers, args, separator: words(0, 5), splitBytes: count, skipBadRecords: fc.nat(MAX_SKIP_BAD_RECORDS) }))
  .chain(each => fc.constantFrom(each, { ...each, deterministic: false }))
const counts = fc.record({ total: task, pending: task, running: task, committed: task, failed: task, attempts: small, failedAttempts: small, backups: small })
const priority = fc.constantFrom('low' as const, 'normal' as const, 'high' as const)
const skipped = fc.array(fc.oneof(fc.record({ file: words(1, 20), offset: count, message: reason }), fc.record({ key: words(0, 20), message: reason })), { maxLength: 3 })
const jobStatus = fc.record({
  job: ascii, state, reason: words(1, 60), failure, spec, maps: counts, reduces: counts, counters, result: cid, record: cid,
  phases: fc.array(fc.record({ name: words(1, 9), ms }), { maxLength: 5 }), localSplits: small, remoteSplits: small, fetchedBytes: count,
  inputBytes: count, records: count, warnings: fc.array(words(1, 40), { maxLength: 3 }), waiting: words(1, 40), priority, checkpoint: cid, blacklist: fc.array(ascii, { maxLength: 3 }), skipped
}, { requiredKeys: ['job', 'state', 'spec', 'maps', 'reduces', 'counters', 'phases', 'localSplits', 'remoteSplits', 'fetchedBytes', 'inputBytes', 'records', 'warnings', 'priority', 'blacklist', 'skipped'] })
const workerStatus = fc.record({ peer: ascii, role, slots, running: slots, state, addresses, attempts: running })
const coursePlace = fc.record({ begun: count, ended: count })
const courseAttempt = fc.record({
  kind: fc.constantFrom('map' as const, 'reduce' as const), task, attempt: fc.integer({ min: 1, max: MAX_ATTEMPTS }), worker: ascii,
  beginMs: ms, endMs: ms, outcome: state, backup: fc.boolean(), local: fc.boolean(), failure
}, { requiredKeys: ['kind', 'task', 'attempt', 'worker', 'beginMs', 'outcome', 'backup', 'local'] })

/** One of each kind, as this version writes it. */
export const messages: { [T in Message['type']]: fc.Arbitrary<Extract<Message, { type: T }>> } = {
  ack: fc.constant({ type: 'ack' }),
  refusal: fc.record({ type: fc.constant('refusal'), code, message: reason }),
  join: fc.record({ type: fc.constant('join'), cluster, role, slots, addresses, running, draining: fc.boolean() }),
  welcome: fc.record({ type: fc.constant('welcome'), master: ascii, heartbeatMs: ms, leaseMs: ms }),
  leave: fc.record({ type: fc.constant('leave'), reason }),
  attemptAssigned: roots(sortBuffer(bounds(fc.record({
    type: fc.constant('attemptAssigned'), ref, cluster, program: cid, reducers, args, separator: words(0, 5),
    splits: fc.array(split, { maxLength: 3 }), mapTasks: task, providers: addresses, fetchTimeoutMs: ms, executeTimeoutMs: ms, skipBadRecords: fc.nat(MAX_SKIP_BAD_RECORDS)
  })))),
  runsCommitted: fc.record({ type: fc.constant('runsCommitted'), ref, runs: fc.array(fc.record({ run, providers: addresses }), { maxLength: 3 }), empty: fc.array(task, { maxLength: 5 }) }),
  attemptAborted: fc.record({ type: fc.constant('attemptAborted'), ref, reason }),
  jobEnded: fc.record({ type: fc.constant('jobEnded'), job: ascii, state }),
  blocksQuery: fc.record({ type: fc.constant('blocksQuery'), cids: fc.array(cid, { maxLength: 5 }) }),
  blocksHeld: fc.record({ type: fc.constant('blocksHeld'), held: fc.array(fc.boolean(), { maxLength: 9 }) }),
  attemptCompleted: fc.record({
    type: fc.constant('attemptCompleted'), ref, runs: fc.array(run, { maxLength: 3 }), output: cid, outputBytes: count, counters, fetchedBytes: count, fetchedBlocks: small, skipped
  }, { requiredKeys: ['type', 'ref', 'runs', 'outputBytes', 'counters', 'fetchedBytes', 'fetchedBlocks', 'skipped'] }),
  attemptFailed: fc.record({ type: fc.constant('attemptFailed'), ref, failure }),
  slotYielded: fc.record({ type: fc.constant('slotYielded'), ref }),
  runLost: fc.record({ type: fc.constant('runLost'), ref, mapTask: task, cid, message: reason }),
  submitJob: roots(fc.record({ type: fc.constant('submitJob'), cluster, spec: bounds(spec), providers: addresses, deadlineMs: ms, workerWaitMs: ms, maxAttempts: fc.nat(MAX_ATTEMPTS), priority, submission: ascii })),
  resumeJob: fc.record({ type: fc.constant('resumeJob'), cluster, checkpoint: cid, providers: addresses }),
  jobAccepted: fc.record({ type: fc.constant('jobAccepted'), job: ascii }),
  cancelJob: fc.record({ type: fc.constant('cancelJob'), job: ascii, reason }),
  statusQuery: fc.record({ type: fc.constant('statusQuery'), job: ascii }, { requiredKeys: ['type'] }),
  status: fc.record({ type: fc.constant('status'), jobs: fc.array(jobStatus, { maxLength: 2 }), workers: fc.array(workerStatus, { maxLength: 2 }) }),
  courseQuery: fc.record({ type: fc.constant('courseQuery'), job: ascii, after: coursePlace }),
  course: fc.record({ type: fc.constant('course'), attempts: fc.array(courseAttempt, { maxLength: 3 }), next: coursePlace, more: fc.boolean() })
}
export const announcements: { [T in Announcement['type']]: fc.Arbitrary<Extract<Announcement, { type: T }>> } = {
  heartbeat: fc.record({ type: fc.constant('heartbeat'), cluster, role, slots, running, draining: fc.boolean() }),
  masterAdvert: fc.record({ type: fc.constant('masterAdvert'), cluster, addresses }),
  job: fc.record({ type: fc.constant('job'), job: ascii, state, result: cid, record: cid, reason: words(1, 60), checkpoint: cid }, { requiredKeys: ['type', 'job', 'state'] })
}
export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(messages))
export const anyAnnouncement: fc.Arbitrary<Announcement> = fc.oneof(...Object.values(announcements))
