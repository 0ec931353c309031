import { MAX_MAP_TASKS, MAX_REDUCERS } from '@ipfs-mapreduce/mapreduce'
import { MAX_ATTEMPTS, MAX_CIDS_PER_QUERY, MAX_EMPTY_PER_MESSAGE } from '../constants.ts'
import type { Announcement, AttemptCompleted, Message } from '../messages.ts'
import type * as pb from '../pb/messages.ts'
import { decodeCode, decodeFailure, decodePriority, decodeRef, decodeRole, decodeRunning, encodeCode, encodeFailure, encodePriority, encodeProgress, encodeRef, encodeRole, reason, slots, state } from './attempt.ts'
import { decodeArgs, decodeBounds, decodeCounters, decodeRoots, decodeRuns, decodeRunsAt, decodeSkipped, decodeSortBuffer, decodeSpec, decodeSplits, encodeArgs, encodeBounds, encodeCounters, encodeRun, encodeRunAt, encodeSkipped, encodeSpec, encodeSplit, separator, skipBadRecords, task } from './content.ts'
import { decodeCourse, decodePlace, encodeCourse } from './course.ts'
import { addresses, cid, cluster, duration, list, name, optional, whole } from './door.ts'
import { decodeStatus, encodeStatus } from './status.ts'

/** How each type of message is written and read. A decoder judges every field, or throws `BAD_INPUT`. */
type Bodies<M extends { type: string }, B extends Partial<Record<M['type'], unknown>>> = {
  [T in M['type']]: {
    encode: (message: Extract<M, { type: T }>) => NonNullable<B[T]>
    decode: (body: NonNullable<B[T]>) => Extract<M, { type: T }>
  }
}

/** The fields of `Join` that `Heartbeat` has too. */
const encodeWorker = (worker: Pick<Extract<Message, { type: 'join' }>, 'cluster' | 'role' | 'slots' | 'running' | 'draining'>): pb.Heartbeat => ({
  cluster: worker.cluster,
  role: encodeRole(worker.role),
  slots: worker.slots,
  running: worker.running.map(encodeProgress),
  draining: worker.draining
})

const decodeWorker = (worker: pb.Heartbeat | pb.Join) => ({
  cluster: cluster('cluster', worker.cluster),
  role: decodeRole(worker.role),
  slots: slots(worker.slots),
  running: decodeRunning(worker.running),
  draining: worker.draining
})

function decodeCompleted (body: pb.AttemptCompleted): AttemptCompleted {
  const output = optional(body.output, value => cid('output', value))
  return {
    type: 'attemptCompleted',
    ref: decodeRef(body.ref),
    runs: decodeRuns(body.runs),
    ...(output === undefined ? {} : { output }),
    outputBytes: whole('outputBytes', body.outputBytes),
    counters: decodeCounters(body.counters),
    fetchedBytes: whole('fetchedBytes', body.fetchedBytes),
    fetchedBlocks: whole('fetchedBlocks', body.fetchedBlocks),
    skipped: decodeSkipped(body.skipped)
  }
}

export const messageBodies: Bodies<Message, pb.Message> = {
  ack: {
    encode: () => ({}),
    decode: () => ({ type: 'ack' })
  },
  refusal: {
    encode: m => ({ code: encodeCode(m.code), message: reason(m.message) }),
    decode: b => ({ type: 'refusal', code: decodeCode(b.code), message: reason(b.message) })
  },
  join: {
    encode: m => ({ ...encodeWorker(m), addresses: m.addresses }),
    decode: b => ({ type: 'join', ...decodeWorker(b), addresses: addresses('addresses', b.addresses) })
  },
  welcome: {
    encode: ({ master, heartbeatMs, leaseMs }) => ({ master, heartbeatMs, leaseMs }),
    decode: b => ({
      type: 'welcome',
      master: name('master', b.master),
      heartbeatMs: duration('heartbeatMs', b.heartbeatMs),
      leaseMs: duration('leaseMs', b.leaseMs)
    })
  },
  leave: {
    encode: m => ({ reason: reason(m.reason) }),
    decode: b => ({ type: 'leave', reason: reason(b.reason) })
  },
  attemptAssigned: {
    encode: m => ({
      ref: encodeRef(m.ref),
      cluster: m.cluster,
      program: m.program,
      reducers: m.reducers,
      args: encodeArgs(m.args),
      separator: m.separator,
      splits: m.splits.map(encodeSplit),
      mapTasks: m.mapTasks,
      providers: m.providers,
      fetchTimeoutMs: m.fetchTimeoutMs,
      executeTimeoutMs: m.executeTimeoutMs,
      skipBadRecords: m.skipBadRecords,
      sortBufferBytes: m.sortBufferBytes,
      bounds: encodeBounds(m.bounds),
      roots: m.roots ?? []
    }),
    decode: b => ({
      type: 'attemptAssigned',
      ref: decodeRef(b.ref),
      cluster: cluster('cluster', b.cluster),
      program: cid('program', b.program),
      reducers: whole('reducers', b.reducers, MAX_REDUCERS, 1),
      args: decodeArgs(b.args),
      separator: separator(b.separator),
      splits: decodeSplits(b.splits),
      mapTasks: whole('mapTasks', b.mapTasks, MAX_MAP_TASKS),
      providers: addresses('providers', b.providers),
      fetchTimeoutMs: duration('fetchTimeoutMs', b.fetchTimeoutMs),
      executeTimeoutMs: duration('executeTimeoutMs', b.executeTimeoutMs),
      skipBadRecords: skipBadRecords('skipBadRecords', b.skipBadRecords),
      ...decodeSortBuffer('sortBufferBytes', b.sortBufferBytes),
      ...decodeBounds(b.bounds, b.reducers),
      ...decodeRoots(b.roots)
    })
  },
  runsCommitted: {
    encode: m => ({ ref: encodeRef(m.ref), runs: m.runs.map(encodeRunAt), empty: m.empty }),
    decode: b => ({
      type: 'runsCommitted',
      ref: decodeRef(b.ref),
      runs: decodeRunsAt(b.runs),
      empty: list('empty', b.empty, MAX_EMPTY_PER_MESSAGE).map(value => task('empty', value))
    })
  },
  attemptAborted: {
    encode: m => ({ ref: encodeRef(m.ref), reason: reason(m.reason) }),
    decode: b => ({ type: 'attemptAborted', ref: decodeRef(b.ref), reason: reason(b.reason) })
  },
  jobEnded: {
    encode: ({ job, state }) => ({ job, state }),
    decode: b => ({ type: 'jobEnded', job: name('job', b.job), state: state(b.state) })
  },
  blocksQuery: {
    encode: ({ cids }) => ({ cids }),
    decode: b => ({ type: 'blocksQuery', cids: list('cids', b.cids, MAX_CIDS_PER_QUERY).map(value => cid('cids', value)) })
  },
  blocksHeld: {
    encode: ({ held }) => ({ held }),
    decode: b => ({ type: 'blocksHeld', held: list('held', b.held, MAX_CIDS_PER_QUERY) })
  },
  attemptCompleted: {
    encode: m => ({
      ref: encodeRef(m.ref),
      runs: m.runs.map(encodeRun),
      output: m.output ?? '',
      outputBytes: m.outputBytes,
      counters: encodeCounters(m.counters),
      fetchedBytes: m.fetchedBytes,
      fetchedBlocks: m.fetchedBlocks,
      skipped: m.skipped.map(encodeSkipped)
    }),
    decode: decodeCompleted
  },
  attemptFailed: {
    encode: m => ({ ref: encodeRef(m.ref), failure: encodeFailure(m.failure) }),
    decode: b => ({ type: 'attemptFailed', ref: decodeRef(b.ref), failure: decodeFailure(b.failure) })
  },
  slotYielded: {
    encode: m => ({ ref: encodeRef(m.ref) }),
    decode: b => ({ type: 'slotYielded', ref: decodeRef(b.ref) })
  },
  runLost: {
    encode: m => ({ ref: encodeRef(m.ref), mapTask: m.mapTask, cid: m.cid, message: reason(m.message) }),
    decode: b => ({ type: 'runLost', ref: decodeRef(b.ref), mapTask: task('mapTask', b.mapTask), cid: cid('cid', b.cid), message: reason(b.message) })
  },
  submitJob: {
    encode: m => ({
      cluster: m.cluster,
      spec: encodeSpec(m.spec),
      providers: m.providers,
      deadlineMs: m.deadlineMs,
      workerWaitMs: m.workerWaitMs,
      maxAttempts: m.maxAttempts,
      priority: encodePriority(m.priority),
      submission: m.submission,
      roots: m.roots ?? []
    }),
    decode: b => ({
      type: 'submitJob',
      cluster: cluster('cluster', b.cluster),
      spec: decodeSpec(b.spec),
      providers: addresses('providers', b.providers),
      deadlineMs: duration('deadlineMs', b.deadlineMs),
      workerWaitMs: duration('workerWaitMs', b.workerWaitMs),
      maxAttempts: whole('maxAttempts', b.maxAttempts, MAX_ATTEMPTS),
      priority: decodePriority(b.priority),
      submission: name('submission', b.submission),
      ...decodeRoots(b.roots)
    })
  },
  resumeJob: {
    encode: ({ cluster, checkpoint, providers }) => ({ cluster, checkpoint, providers }),
    decode: b => ({
      type: 'resumeJob',
      cluster: cluster('cluster', b.cluster),
      checkpoint: cid('checkpoint', b.checkpoint),
      providers: addresses('providers', b.providers)
    })
  },
  jobAccepted: {
    encode: ({ job }) => ({ job }),
    decode: b => ({ type: 'jobAccepted', job: name('job', b.job) })
  },
  cancelJob: {
    encode: m => ({ job: m.job, reason: reason(m.reason) }),
    decode: b => ({ type: 'cancelJob', job: name('job', b.job), reason: reason(b.reason) })
  },
  statusQuery: {
    encode: m => ({ job: m.job ?? '' }),
    decode: b => ({ type: 'statusQuery', ...(b.job === '' ? {} : { job: name('job', b.job) }) })
  },
  status: {
    encode: encodeStatus,
    decode: decodeStatus
  },
  courseQuery: {
    encode: ({ job, after }) => ({ job, after }),
    decode: b => ({ type: 'courseQuery', job: name('job', b.job), after: decodePlace('after', b.after) })
  },
  course: {
    encode: encodeCourse,
    decode: decodeCourse
  }
}

export const announcementBodies: Bodies<Announcement, pb.Announcement> = {
  heartbeat: {
    encode: encodeWorker,
    decode: b => ({ type: 'heartbeat', ...decodeWorker(b) })
  },
  masterAdvert: {
    encode: ({ cluster, addresses }) => ({ cluster, addresses }),
    decode: b => ({ type: 'masterAdvert', cluster: cluster('cluster', b.cluster), addresses: addresses('addresses', b.addresses) })
  },
  job: {
    encode: m => ({ job: m.job, state: m.state, result: m.result ?? '', record: m.record ?? '', reason: reason(m.reason ?? ''), checkpoint: m.checkpoint ?? '' }),
    decode: b => {
      const result = optional(b.result, value => cid('result', value))
      const record = optional(b.record, value => cid('record', value))
      const why = optional(b.reason, reason)
      const checkpoint = optional(b.checkpoint, value => cid('checkpoint', value))
      return {
        type: 'job',
        job: name('job', b.job),
        state: state(b.state),
        ...(result === undefined ? {} : { result }),
        ...(record === undefined ? {} : { record }),
        ...(why === undefined ? {} : { reason: why }),
        ...(checkpoint === undefined ? {} : { checkpoint })
      }
    }
  }
}
