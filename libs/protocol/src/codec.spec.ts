import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_BOUNDS_BYTES, MAX_MAP_TASKS, MAX_REDUCERS, MAX_SORT_BUFFER_BYTES } from '@ipfs-mapreduce/mapreduce'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'
import { decodeAnnouncement, decodeMessage, encodeAnnouncement, encodeMessage, encodeTaken } from './codec.ts'
import { MAX_ANNOUNCEMENT_BYTES, MAX_MESSAGE_BYTES, MAX_REASON_CHARS, MAX_ROOTS, MAX_SLOTS, MAX_STACK_CHARS } from './constants.ts'
import { announcements, anyAnnouncement, anyMessage, messages } from './fuzz/arbitraries.ts'
import type { Announcement, Message } from './messages.ts'
import * as pb from './pb/messages.ts'

/** A decoder may answer or refuse; anything else that it throws is a hole in the door. */
function judge (decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): 'taken' | 'refused' {
  try {
    decode(bytes)
    return 'taken'
  } catch (error) {
    expect(error).toMatchObject({ name: 'MapReduceError', code: 'BAD_INPUT', message: expect.stringMatching(/\S/) })
    return 'refused'
  }
}

const body = (fields: Partial<pb.Message>): Uint8Array => pb.Message.encode(fields)
const refused = (bytes: Uint8Array, why: RegExp): void => {
  expect(() => decodeMessage(bytes)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(why) }))
}

describe('round trips', () => {
  it.each(Object.entries(messages))('%s comes back equal', (_type, arbitrary: fc.Arbitrary<Message>) => {
    fc.assert(fc.property(arbitrary, message => { expect(decodeMessage(encodeMessage(message))).toEqual(message) }), { numRuns: 100 })
  })

  it('gives the same bytes of a message that was taken at the door', () => {
    fc.assert(fc.property(anyMessage, message => {
      const bytes = encodeMessage(message)
      expect(encodeTaken(decodeMessage(bytes))).toEqual(bytes)
    }))
  })

  it.each(Object.entries(announcements))('announcement %s comes back equal', (_type, arbitrary: fc.Arbitrary<Announcement>) => {
    fc.assert(fc.property(arbitrary, one => { expect(decodeAnnouncement(encodeAnnouncement(one))).toEqual(one) }), { numRuns: 100 })
  })

  it('keeps an argument named __proto__ as data', () => {
    const [message] = fc.sample(messages.submitJob, 1)
    const args = Object.fromEntries([['__proto__', 'x'], ['constructor', 'y']])
    const back = decodeMessage(encodeMessage({ ...message!, spec: { ...message!.spec, args } }))
    expect(back.type === 'submitJob' && Object.entries(back.spec.args)).toEqual([['__proto__', 'x'], ['constructor', 'y']])
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('cuts long reasons and stacks instead of losing the message', () => {
    const [message] = fc.sample(messages.attemptFailed, 1)
    const long = '😀'.repeat(100_000)
    const back = decodeMessage(encodeMessage({ ...message!, failure: { code: 'PROGRAM', message: `a${long}`, stack: long } }))
    if (back.type !== 'attemptFailed') { throw new Error(back.type) }
    expect(back.failure.message.length).toBeLessThanOrEqual(MAX_REASON_CHARS)
    expect(back.failure.stack!.length).toBeLessThanOrEqual(MAX_STACK_CHARS)
    expect(back.failure.message).toMatch(/^a😀+…$/u)
    expect(back.failure.stack).toMatch(/^(😀)+…$/u)
  })
})

describe('hostile bytes', () => {
  it('random bytes are refused or read, nothing else', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      judge(decodeMessage, bytes)
      judge(decodeAnnouncement, bytes)
    }), { numRuns: 5_000 })
  })

  it('mutated messages are refused or read, nothing else', () => {
    const outcomes = { taken: 0, refused: 0 }
    const edits = fc.array(fc.record({ at: fc.nat(2 ** 20), to: fc.nat(255), cut: fc.integer({ min: 0, max: 20 }) }), { minLength: 1, maxLength: 4 })
    fc.assert(fc.property(anyMessage, anyAnnouncement, edits, (message, announcement, edits) => {
      for (const [decode, whole] of [[decodeMessage, encodeMessage(message)], [decodeAnnouncement, encodeAnnouncement(announcement)]] as const) {
        let bytes = Uint8Array.from(whole)
        for (const { at, to, cut } of edits) {
          if (bytes.length > 0) { bytes[at % bytes.length] = to }
          if (cut > 16) { bytes = bytes.slice(0, at % (bytes.length + 1)) }
        }
        outcomes[judge(decode, bytes)]++
      }
    }), { numRuns: 3_000 })
    // Both ways out of the door were used, or this test saw only one kind of bytes.
    expect(Math.min(outcomes.taken, outcomes.refused)).toBeGreaterThan(100)
  })

  it('refuses what is too large before it reads it', () => {
    refused(new Uint8Array(MAX_MESSAGE_BYTES + 1), /too large/)
    expect(() => decodeAnnouncement(new Uint8Array(MAX_ANNOUNCEMENT_BYTES + 1))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    const heartbeats = Array.from({ length: MAX_ANNOUNCEMENT_BYTES / 1000 + 1 }, () => `/${'a'.repeat(999)}`)
    expect(() => encodeAnnouncement({ type: 'masterAdvert', cluster: 'local', addresses: heartbeats })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })

  it.each([
    ['groups in groups', new Uint8Array(MAX_MESSAGE_BYTES).fill((15 << 3) | 3)],
    ['endless varints', new Uint8Array(MAX_MESSAGE_BYTES).fill(0xff)],
    ['empty counters', (() => {
      const empty = new Uint8Array(MAX_MESSAGE_BYTES - 12)
      for (let i = 0; i < empty.length; i += 2) { empty[i] = (5 << 3) | 2 }
      return Uint8Array.from([(12 << 3) | 2, 0xf4, 0xff, 0xff, 0x01, ...empty])
    })()]
  ])('does not hang on 4 MiB of %s', (_name, bytes) => {
    const started = performance.now()
    judge(decodeMessage, bytes)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('the door', () => {
  const ref: pb.AttemptRef = { job: 'j', kind: 'MAP', task: 0, attempt: 1 }

  const assigned = { ref, cluster: 'local', program: 'bafkqaaa', reducers: 3, args: new Map<string, string>(), separator: ' ', splits: [], mapTasks: 1, providers: [], fetchTimeoutMs: 1, executeTimeoutMs: 1, skipBadRecords: 0, bounds: [], roots: [] }

  it('takes the plain case that the refusals below spoil', () => {
    expect(decodeMessage(body({ attemptAborted: { ref, reason: '' } })).type).toBe('attemptAborted')
  })

  it.each<[string, Partial<pb.Message>, RegExp]>([
    ['no body', {}, /exactly one body/],
    ['no ref', { attemptAborted: { reason: '' } }, /ref is missing/],
    ['no kind', { attemptAborted: { ref: { ...ref, kind: 'NO_KIND' }, reason: '' } }, /ref.kind is missing/],
    ['attempt 0', { attemptAborted: { ref: { ...ref, attempt: 0 }, reason: '' } }, /ref.attempt is 0/],
    ['a task too far', { attemptAborted: { ref: { ...ref, task: MAX_MAP_TASKS }, reason: '' } }, /ref.task/],
    ['a blank in a job id', { jobAccepted: { job: 'a b' } }, /job has a character/],
    ['a job id too long', { jobAccepted: { job: 'j'.repeat(129) } }, /job has 129 characters/],
    ['no role', { join: { cluster: 'local', role: 'NO_ROLE', slots: 1, addresses: [], running: [], draining: false } }, /role is missing/],
    ['a bad cluster', { join: { cluster: '../x', role: 'MAPPER', slots: 1, addresses: [], running: [], draining: false } }, /cluster cannot/],
    ['an address without /', { join: { cluster: 'local', role: 'MAPPER', slots: 1, addresses: ['evil.example'], running: [], draining: false } }, /no multiaddr/],
    ['more slots than a heartbeat holds', { join: { cluster: 'local', role: 'MAPPER', slots: MAX_SLOTS + 1, addresses: [], running: [], draining: false } }, /slots is 257/],
    ['no CID', { blocksQuery: { cids: ['bafy/../../etc/passwd'] } }, /cids is not a CID/],
    ['a CID too long', { blocksQuery: { cids: [`b${'a'.repeat(128)}`] } }, /cids is not a CID/],
    ['no code', { refusal: { code: 'NO_CODE', message: '' } }, /code is missing/],
    ['a split past its file', { attemptAssigned: { ref, cluster: 'local', program: 'bafkqaaa', reducers: 1, args: new Map(), separator: ' ', splits: [{ file: 'f', cid: 'bafkqaaa', offset: 5, length: 6, fileBytes: 10 }], mapTasks: 1, providers: [], fetchTimeoutMs: 1, executeTimeoutMs: 1, skipBadRecords: 0, bounds: [], roots: [] } }, /splits.length is 6/],
    ['a counter that is no integer', { attemptCompleted: { ref, runs: [], output: '', outputBytes: 0, counters: [{ name: 'x', value: 0.5 }], fetchedBytes: 0, fetchedBlocks: 0, skipped: [] } }, /counters "x" is 0.5/],
    ['a counter that is NaN', { attemptCompleted: { ref, runs: [], output: '', outputBytes: 0, counters: [{ name: 'x', value: NaN }], fetchedBytes: 0, fetchedBlocks: 0, skipped: [] } }, /counters "x" is NaN/],
    ['a counter twice', { attemptCompleted: { ref, runs: [], output: '', outputBytes: 0, counters: [{ name: 'x', value: 1 }, { name: 'x', value: 2 }], fetchedBytes: 0, fetchedBlocks: 0, skipped: [] } }, /a name twice/],
    ['a timer that would fire at once', { welcome: { master: 'm', heartbeatMs: 1, leaseMs: 2 ** 31 } }, /leaseMs/],
    ['a path too long', { attemptAssigned: { ref, cluster: 'local', program: 'bafkqaaa', reducers: 1, args: new Map(), separator: ' ', splits: [{ file: 'f'.repeat(4097), cid: 'bafkqaaa', offset: 0, length: 0, fileBytes: 0 }], mapTasks: 1, providers: [], fetchTimeoutMs: 1, executeTimeoutMs: 1, skipBadRecords: 0, bounds: [], roots: [] } }, /splits.file has 4097/],
    ['bounds that are too few', { attemptAssigned: { ...assigned, bounds: [new Uint8Array(1)] } }, /bounds has 1 items, 3 reducers take 2/],
    ['a sort buffer too large', { attemptAssigned: { ...assigned, bounds: [new Uint8Array(1), new Uint8Array(1)], sortBufferBytes: MAX_SORT_BUFFER_BYTES + 1 } }, /sortBufferBytes is 134217729/],
    ['a sort buffer of nothing', { attemptAssigned: { ...assigned, bounds: [new Uint8Array(1), new Uint8Array(1)], sortBufferBytes: 0 } }, /sortBufferBytes is 0/],
    ['bounds that fall', { attemptAssigned: { ...assigned, bounds: [Uint8Array.of(2), Uint8Array.of(1, 9)] } }, /bounds must not fall/],
    ['bounds too long', { attemptAssigned: { ...assigned, bounds: [new Uint8Array(1), new Uint8Array(MAX_BOUNDS_BYTES)] } }, /bounds has 262145 bytes/],
    ['a root that is none', { attemptAssigned: { ...assigned, reducers: 1, roots: ['bafy/../x'] } }, /roots is not a CID/],
    ['too many roots', { attemptAssigned: { ...assigned, reducers: 1, roots: Array<string>(MAX_ROOTS + 1).fill('bafkqaaa') } }, /too many elements/],
    ['half a surrogate', { jobEnded: { job: 'j', state: '\ud800' } }, /not well-formed/],
    ['too many CIDs', { blocksQuery: { cids: Array<string>(16_385).fill('bafkqaaa') } }, /too many elements/]
  ])('refuses %s', (_name, fields, why) => { refused(body(fields), why) })

  it('refuses a code that this version does not know', () => {
    refused(Uint8Array.from([(2 << 3) | 2, 2, 1 << 3, 99]), /cannot be read/)
  })

  it('skips fields that this version does not know', () => {
    expect(decodeMessage(Uint8Array.from([...body({ jobAccepted: { job: 'j' } }), (99 << 3 & 0x7f) | 0x80, (99 << 3) >> 7, 7]))).toEqual({ type: 'jobAccepted', job: 'j' })
  })

  it('takes as many bounds as reducers can have, within their bytes', () => {
    const bytes = Math.floor(MAX_BOUNDS_BYTES / (MAX_REDUCERS - 1))
    const bounds = Array.from({ length: MAX_REDUCERS - 1 }, () => 'ff'.repeat(bytes))
    const decoded = decodeMessage(body({ attemptAssigned: { ...assigned, reducers: MAX_REDUCERS, bounds: bounds.map(() => new Uint8Array(bytes).fill(0xff)) } }))
    expect(decoded).toMatchObject({ bounds })
    expect(decodeMessage(encodeMessage(decoded))).toEqual(decoded)
  })

  it('shows the spec of a job without its bounds', () => {
    const spec = { program: 'bafkqaaa', programName: 'sort', inputFormat: 'lines' as const, input: 'bafkqaaa', reducers: 2, args: {}, separator: ' ', splitBytes: 0, skipBadRecords: 0 }
    const counts = { total: 0, pending: 0, running: 0, committed: 0, failed: 0, attempts: 0, failedAttempts: 0, backups: 0 }
    const status = { job: 'j', state: 'running', maps: counts, reduces: counts, counters: {}, phases: [], localSplits: 0, remoteSplits: 0, fetchedBytes: 0, inputBytes: 0, records: 0, warnings: [], priority: 'normal' as const, blacklist: [], skipped: [] }
    const submitted: JobSpec = { ...spec, bounds: ['77'] }
    expect(decodeMessage(encodeMessage({ type: 'status', jobs: [{ ...status, spec: submitted }], workers: [] }))).toEqual({ type: 'status', jobs: [{ ...status, spec }], workers: [] })
  })

  it('refuses to send what would be refused', () => {
    expect(() => encodeMessage({ type: 'submitJob', cluster: 'local', spec: { program: 'bafkqaaa', programName: 'sort', inputFormat: 'lines', input: 'bafkqaaa', reducers: 2, args: {}, separator: ' ', splitBytes: 0, skipBadRecords: 0, bounds: ['6'] }, providers: [], deadlineMs: 0, workerWaitMs: 0, maxAttempts: 0, priority: 'normal', submission: 's' }))
      .toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    expect(() => encodeMessage({ type: 'jobAccepted', job: '' })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    expect(() => encodeMessage({ type: 'blocksQuery', cids: ['x'] })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})
