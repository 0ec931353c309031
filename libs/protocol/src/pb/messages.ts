/* eslint-disable require-yield */

import { decodeMessage, encodeMessage, enumeration, MaxLengthError, MaxSizeError, message, streamMessage } from 'protons-runtime'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export enum Role {
  MASTER = 'MASTER',
  MAPPER = 'MAPPER',
  REDUCER = 'REDUCER',
  CLIENT = 'CLIENT'
}

enum __RoleValues {
  MASTER = 0,
  MAPPER = 1,
  REDUCER = 2,
  CLIENT = 3
}

export namespace Role {
  export const codec = (): Codec<Role> => {
    return enumeration<Role>(__RoleValues)
  }
}

export enum TaskKind {
  MAP = 'MAP',
  REDUCE = 'REDUCE'
}

enum __TaskKindValues {
  MAP = 0,
  REDUCE = 1
}

export namespace TaskKind {
  export const codec = (): Codec<TaskKind> => {
    return enumeration<TaskKind>(__TaskKindValues)
  }
}

export enum Code {
  TRANSIENT = 'TRANSIENT',
  PROGRAM = 'PROGRAM',
  FATAL = 'FATAL',
  BLOCK_UNAVAILABLE = 'BLOCK_UNAVAILABLE',
  INPUT_LOST = 'INPUT_LOST',
  TIMEOUT = 'TIMEOUT',
  ABORTED = 'ABORTED',
  STORAGE = 'STORAGE',
  BAD_INPUT = 'BAD_INPUT',
  REFUSED = 'REFUSED',
  UNREACHABLE = 'UNREACHABLE'
}

enum __CodeValues {
  TRANSIENT = 0,
  PROGRAM = 1,
  FATAL = 2,
  BLOCK_UNAVAILABLE = 3,
  INPUT_LOST = 4,
  TIMEOUT = 5,
  ABORTED = 6,
  STORAGE = 7,
  BAD_INPUT = 8,
  REFUSED = 9,
  UNREACHABLE = 10
}

export namespace Code {
  export const codec = (): Codec<Code> => {
    return enumeration<Code>(__CodeValues)
  }
}

export interface AttemptRef {
  job: string
  kind: TaskKind
  task: number
  attempt: number
}

export namespace AttemptRef {
  let _codec: Codec<AttemptRef>

  export const codec = (): Codec<AttemptRef> => {
    if (_codec == null) {
      _codec = message<AttemptRef>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if (obj.kind != null && __TaskKindValues[obj.kind] !== 0) {
          w.uint32(16)
          TaskKind.codec().encode(obj.kind, w)
        }

        if ((obj.task != null && obj.task !== 0)) {
          w.uint32(24)
          w.uint32(obj.task)
        }

        if ((obj.attempt != null && obj.attempt !== 0)) {
          w.uint32(32)
          w.uint32(obj.attempt)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          kind: TaskKind.MAP,
          task: 0,
          attempt: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            case 2: {
              obj.kind = TaskKind.codec().decode(reader)
              break
            }
            case 3: {
              obj.task = reader.uint32()
              break
            }
            case 4: {
              obj.attempt = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.kind`,
                value: TaskKind.codec().decode(reader)
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.task`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.attempt`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AttemptRefJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface AttemptRefKindFieldEvent {
    field: '$.kind'
    value: TaskKind
  }

  export interface AttemptRefTaskFieldEvent {
    field: '$.task'
    value: number
  }

  export interface AttemptRefAttemptFieldEvent {
    field: '$.attempt'
    value: number
  }

  export function encode (obj: Partial<AttemptRef>): Uint8Array {
    return encodeMessage(obj, AttemptRef.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptRef>): AttemptRef {
    return decodeMessage(buf, AttemptRef.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptRef>): Generator<AttemptRefJobFieldEvent | AttemptRefKindFieldEvent | AttemptRefTaskFieldEvent | AttemptRefAttemptFieldEvent> {
    return streamMessage(buf, AttemptRef.codec(), opts)
  }
}

export interface Failure {
  code: Code
  message: string
  stack: string
  cid: string
}

export namespace Failure {
  let _codec: Codec<Failure>

  export const codec = (): Codec<Failure> => {
    if (_codec == null) {
      _codec = message<Failure>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.code != null && __CodeValues[obj.code] !== 0) {
          w.uint32(8)
          Code.codec().encode(obj.code, w)
        }

        if ((obj.message != null && obj.message !== '')) {
          w.uint32(18)
          w.string(obj.message)
        }

        if ((obj.stack != null && obj.stack !== '')) {
          w.uint32(26)
          w.string(obj.stack)
        }

        if ((obj.cid != null && obj.cid !== '')) {
          w.uint32(34)
          w.string(obj.cid)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          code: Code.TRANSIENT,
          message: '',
          stack: '',
          cid: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.code = Code.codec().decode(reader)
              break
            }
            case 2: {
              obj.message = reader.string()
              break
            }
            case 3: {
              obj.stack = reader.string()
              break
            }
            case 4: {
              obj.cid = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.code`,
                value: Code.codec().decode(reader)
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.message`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.stack`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.cid`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface FailureCodeFieldEvent {
    field: '$.code'
    value: Code
  }

  export interface FailureMessageFieldEvent {
    field: '$.message'
    value: string
  }

  export interface FailureStackFieldEvent {
    field: '$.stack'
    value: string
  }

  export interface FailureCidFieldEvent {
    field: '$.cid'
    value: string
  }

  export function encode (obj: Partial<Failure>): Uint8Array {
    return encodeMessage(obj, Failure.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Failure>): Failure {
    return decodeMessage(buf, Failure.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Failure>): Generator<FailureCodeFieldEvent | FailureMessageFieldEvent | FailureStackFieldEvent | FailureCidFieldEvent> {
    return streamMessage(buf, Failure.codec(), opts)
  }
}

export interface SplitRange {
  file: string
  cid: string
  offset: bigint
  length: bigint
  fileBytes: bigint
}

export namespace SplitRange {
  let _codec: Codec<SplitRange>

  export const codec = (): Codec<SplitRange> => {
    if (_codec == null) {
      _codec = message<SplitRange>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.file != null && obj.file !== '')) {
          w.uint32(10)
          w.string(obj.file)
        }

        if ((obj.cid != null && obj.cid !== '')) {
          w.uint32(18)
          w.string(obj.cid)
        }

        if ((obj.offset != null && obj.offset !== 0n)) {
          w.uint32(24)
          w.uint64(obj.offset)
        }

        if ((obj.length != null && obj.length !== 0n)) {
          w.uint32(32)
          w.uint64(obj.length)
        }

        if ((obj.fileBytes != null && obj.fileBytes !== 0n)) {
          w.uint32(40)
          w.uint64(obj.fileBytes)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          file: '',
          cid: '',
          offset: 0n,
          length: 0n,
          fileBytes: 0n
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.file = reader.string()
              break
            }
            case 2: {
              obj.cid = reader.string()
              break
            }
            case 3: {
              obj.offset = reader.uint64()
              break
            }
            case 4: {
              obj.length = reader.uint64()
              break
            }
            case 5: {
              obj.fileBytes = reader.uint64()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.file`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.cid`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.offset`,
                value: reader.uint64()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.length`,
                value: reader.uint64()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.fileBytes`,
                value: reader.uint64()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface SplitRangeFileFieldEvent {
    field: '$.file'
    value: string
  }

  export interface SplitRangeCidFieldEvent {
    field: '$.cid'
    value: string
  }

  export interface SplitRangeOffsetFieldEvent {
    field: '$.offset'
    value: bigint
  }

  export interface SplitRangeLengthFieldEvent {
    field: '$.length'
    value: bigint
  }

  export interface SplitRangeFileBytesFieldEvent {
    field: '$.fileBytes'
    value: bigint
  }

  export function encode (obj: Partial<SplitRange>): Uint8Array {
    return encodeMessage(obj, SplitRange.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SplitRange>): SplitRange {
    return decodeMessage(buf, SplitRange.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SplitRange>): Generator<SplitRangeFileFieldEvent | SplitRangeCidFieldEvent | SplitRangeOffsetFieldEvent | SplitRangeLengthFieldEvent | SplitRangeFileBytesFieldEvent> {
    return streamMessage(buf, SplitRange.codec(), opts)
  }
}

export interface Run {
  mapTask: number
  partition: number
  cid: string
  bytes: bigint
  records: bigint
}

export namespace Run {
  let _codec: Codec<Run>

  export const codec = (): Codec<Run> => {
    if (_codec == null) {
      _codec = message<Run>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.mapTask != null && obj.mapTask !== 0)) {
          w.uint32(8)
          w.uint32(obj.mapTask)
        }

        if ((obj.partition != null && obj.partition !== 0)) {
          w.uint32(16)
          w.uint32(obj.partition)
        }

        if ((obj.cid != null && obj.cid !== '')) {
          w.uint32(26)
          w.string(obj.cid)
        }

        if ((obj.bytes != null && obj.bytes !== 0n)) {
          w.uint32(32)
          w.uint64(obj.bytes)
        }

        if ((obj.records != null && obj.records !== 0n)) {
          w.uint32(40)
          w.uint64(obj.records)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          mapTask: 0,
          partition: 0,
          cid: '',
          bytes: 0n,
          records: 0n
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.mapTask = reader.uint32()
              break
            }
            case 2: {
              obj.partition = reader.uint32()
              break
            }
            case 3: {
              obj.cid = reader.string()
              break
            }
            case 4: {
              obj.bytes = reader.uint64()
              break
            }
            case 5: {
              obj.records = reader.uint64()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.mapTask`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.partition`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.cid`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.bytes`,
                value: reader.uint64()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.records`,
                value: reader.uint64()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface RunMapTaskFieldEvent {
    field: '$.mapTask'
    value: number
  }

  export interface RunPartitionFieldEvent {
    field: '$.partition'
    value: number
  }

  export interface RunCidFieldEvent {
    field: '$.cid'
    value: string
  }

  export interface RunBytesFieldEvent {
    field: '$.bytes'
    value: bigint
  }

  export interface RunRecordsFieldEvent {
    field: '$.records'
    value: bigint
  }

  export function encode (obj: Partial<Run>): Uint8Array {
    return encodeMessage(obj, Run.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Run>): Run {
    return decodeMessage(buf, Run.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Run>): Generator<RunMapTaskFieldEvent | RunPartitionFieldEvent | RunCidFieldEvent | RunBytesFieldEvent | RunRecordsFieldEvent> {
    return streamMessage(buf, Run.codec(), opts)
  }
}

export interface Join {
  cluster: string
  role: Role
  slots: number
  addresses: string[]
  running: AttemptProgress[]
  draining: boolean
}

export namespace Join {
  let _codec: Codec<Join>

  export const codec = (): Codec<Join> => {
    if (_codec == null) {
      _codec = message<Join>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.cluster != null && obj.cluster !== '')) {
          w.uint32(10)
          w.string(obj.cluster)
        }

        if (obj.role != null && __RoleValues[obj.role] !== 0) {
          w.uint32(16)
          Role.codec().encode(obj.role, w)
        }

        if ((obj.slots != null && obj.slots !== 0)) {
          w.uint32(24)
          w.uint32(obj.slots)
        }

        if (obj.addresses != null && obj.addresses.length > 0) {
          for (const value of obj.addresses) {
            w.uint32(34)
            w.string(value)
          }
        }

        if (obj.running != null && obj.running.length > 0) {
          for (const value of obj.running) {
            w.uint32(42)
            AttemptProgress.codec().encode(value, w)
          }
        }

        if ((obj.draining != null && obj.draining !== false)) {
          w.uint32(48)
          w.bool(obj.draining)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          cluster: '',
          role: Role.MASTER,
          slots: 0,
          addresses: [],
          running: [],
          draining: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.cluster = reader.string()
              break
            }
            case 2: {
              obj.role = Role.codec().decode(reader)
              break
            }
            case 3: {
              obj.slots = reader.uint32()
              break
            }
            case 4: {
              if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              obj.addresses.push(reader.string())
              break
            }
            case 5: {
              if (opts.limits?.running != null && obj.running.length === opts.limits.running) {
                throw new MaxLengthError('Decode error - repeated field "running" had too many elements')
              }

              obj.running.push(AttemptProgress.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.running$
              }))
              break
            }
            case 6: {
              obj.draining = reader.bool()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          addresses: 0,
          running: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.cluster`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.role`,
                value: Role.codec().decode(reader)
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.slots`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements')
              }

              yield {
                field: `${prefix}.addresses[]`,
                index: obj.addresses,
                value: reader.string()
              }

              obj.addresses++

              break
            }
            case 5: {
              if (opts.limits?.running != null && obj.running === opts.limits.running) {
                throw new MaxLengthError('Streaming decode error - repeated field "running" had too many elements')
              }

              for (const evt of AttemptProgress.codec().stream(reader, reader.uint32(), `${prefix}.running[]`, {
                limits: opts.limits?.running$
              })) {
                yield {
                  ...evt,
                  index: obj.running
                }
              }

              obj.running++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.draining`,
                value: reader.bool()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface JoinClusterFieldEvent {
    field: '$.cluster'
    value: string
  }

  export interface JoinRoleFieldEvent {
    field: '$.role'
    value: Role
  }

  export interface JoinSlotsFieldEvent {
    field: '$.slots'
    value: number
  }

  export interface JoinAddressesFieldEvent {
    field: '$.addresses[]'
    index: number
    value: string
  }

  export interface JoinRunningRefJobFieldEvent {
    field: '$.running[].ref.job'
    value: string
    index: number
  }

  export interface JoinRunningRefKindFieldEvent {
    field: '$.running[].ref.kind'
    value: TaskKind
    index: number
  }

  export interface JoinRunningRefTaskFieldEvent {
    field: '$.running[].ref.task'
    value: number
    index: number
  }

  export interface JoinRunningRefAttemptFieldEvent {
    field: '$.running[].ref.attempt'
    value: number
    index: number
  }

  export interface JoinRunningStateFieldEvent {
    field: '$.running[].state'
    value: string
    index: number
  }

  export interface JoinRunningRecordsFieldEvent {
    field: '$.running[].records'
    value: bigint
    index: number
  }

  export interface JoinDrainingFieldEvent {
    field: '$.draining'
    value: boolean
  }

  export function encode (obj: Partial<Join>): Uint8Array {
    return encodeMessage(obj, Join.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Join>): Join {
    return decodeMessage(buf, Join.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Join>): Generator<JoinClusterFieldEvent | JoinRoleFieldEvent | JoinSlotsFieldEvent | JoinAddressesFieldEvent | JoinRunningRefJobFieldEvent | JoinRunningRefKindFieldEvent | JoinRunningRefTaskFieldEvent | JoinRunningRefAttemptFieldEvent | JoinRunningStateFieldEvent | JoinRunningRecordsFieldEvent | JoinDrainingFieldEvent> {
    return streamMessage(buf, Join.codec(), opts)
  }
}

export interface Welcome {
  master: string
  heartbeatMs: bigint
  leaseMs: bigint
}

export namespace Welcome {
  let _codec: Codec<Welcome>

  export const codec = (): Codec<Welcome> => {
    if (_codec == null) {
      _codec = message<Welcome>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.master != null && obj.master !== '')) {
          w.uint32(10)
          w.string(obj.master)
        }

        if ((obj.heartbeatMs != null && obj.heartbeatMs !== 0n)) {
          w.uint32(16)
          w.uint64(obj.heartbeatMs)
        }

        if ((obj.leaseMs != null && obj.leaseMs !== 0n)) {
          w.uint32(24)
          w.uint64(obj.leaseMs)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          master: '',
          heartbeatMs: 0n,
          leaseMs: 0n
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.master = reader.string()
              break
            }
            case 2: {
              obj.heartbeatMs = reader.uint64()
              break
            }
            case 3: {
              obj.leaseMs = reader.uint64()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.master`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.heartbeatMs`,
                value: reader.uint64()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.leaseMs`,
                value: reader.uint64()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface WelcomeMasterFieldEvent {
    field: '$.master'
    value: string
  }

  export interface WelcomeHeartbeatMsFieldEvent {
    field: '$.heartbeatMs'
    value: bigint
  }

  export interface WelcomeLeaseMsFieldEvent {
    field: '$.leaseMs'
    value: bigint
  }

  export function encode (obj: Partial<Welcome>): Uint8Array {
    return encodeMessage(obj, Welcome.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Welcome>): Welcome {
    return decodeMessage(buf, Welcome.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Welcome>): Generator<WelcomeMasterFieldEvent | WelcomeHeartbeatMsFieldEvent | WelcomeLeaseMsFieldEvent> {
    return streamMessage(buf, Welcome.codec(), opts)
  }
}

export interface Leave {
  reason: string
}

export namespace Leave {
  let _codec: Codec<Leave>

  export const codec = (): Codec<Leave> => {
    if (_codec == null) {
      _codec = message<Leave>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(10)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          reason: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.reason = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface LeaveReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<Leave>): Uint8Array {
    return encodeMessage(obj, Leave.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Leave>): Leave {
    return decodeMessage(buf, Leave.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Leave>): Generator<LeaveReasonFieldEvent> {
    return streamMessage(buf, Leave.codec(), opts)
  }
}

export interface Ack {}

export namespace Ack {
  let _codec: Codec<Ack>

  export const codec = (): Codec<Ack> => {
    if (_codec == null) {
      _codec = message<Ack>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export function encode (obj: Partial<Ack>): Uint8Array {
    return encodeMessage(obj, Ack.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Ack {
    return decodeMessage(buf, Ack.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Generator<{}> {
    return streamMessage(buf, Ack.codec(), opts)
  }
}

export interface Refusal {
  code: Code
  message: string
}

export namespace Refusal {
  let _codec: Codec<Refusal>

  export const codec = (): Codec<Refusal> => {
    if (_codec == null) {
      _codec = message<Refusal>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.code != null && __CodeValues[obj.code] !== 0) {
          w.uint32(8)
          Code.codec().encode(obj.code, w)
        }

        if ((obj.message != null && obj.message !== '')) {
          w.uint32(18)
          w.string(obj.message)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          code: Code.TRANSIENT,
          message: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.code = Code.codec().decode(reader)
              break
            }
            case 2: {
              obj.message = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.code`,
                value: Code.codec().decode(reader)
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.message`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface RefusalCodeFieldEvent {
    field: '$.code'
    value: Code
  }

  export interface RefusalMessageFieldEvent {
    field: '$.message'
    value: string
  }

  export function encode (obj: Partial<Refusal>): Uint8Array {
    return encodeMessage(obj, Refusal.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Refusal>): Refusal {
    return decodeMessage(buf, Refusal.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Refusal>): Generator<RefusalCodeFieldEvent | RefusalMessageFieldEvent> {
    return streamMessage(buf, Refusal.codec(), opts)
  }
}

export interface AttemptAssigned {
  ref?: AttemptRef
  cluster: string
  program: string
  reducers: number
  args: Map<string, string>
  separator: string
  splits: SplitRange[]
  mapTasks: number
  providers: string[]
  fetchTimeoutMs: bigint
  executeTimeoutMs: bigint
}

export namespace AttemptAssigned {
  export interface AttemptAssigned$argsEntry {
    key: string
    value: string
  }

  export namespace AttemptAssigned$argsEntry {
    let _codec: Codec<AttemptAssigned$argsEntry>

    export const codec = (): Codec<AttemptAssigned$argsEntry> => {
      if (_codec == null) {
        _codec = message<AttemptAssigned$argsEntry>((obj, w, opts = {}) => {
          if (opts.lengthDelimited !== false) {
            w.fork()
          }

          if ((obj.key != null && obj.key !== '')) {
            w.uint32(10)
            w.string(obj.key)
          }

          if ((obj.value != null && obj.value !== '')) {
            w.uint32(18)
            w.string(obj.value)
          }

          if (opts.lengthDelimited !== false) {
            w.ldelim()
          }
        }, (reader, length, opts = {}) => {
          const obj: any = {
            key: '',
            value: ''
          }

          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                obj.key = reader.string()
                break
              }
              case 2: {
                obj.value = reader.string()
                break
              }
              default: {
                reader.skipType(tag & 7)
                break
              }
            }
          }

          return obj
        }, function * (reader, length, prefix, opts = {}) {
          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                yield {
                  field: `${prefix}.key`,
                  value: reader.string()
                }
                break
              }
              case 2: {
                yield {
                  field: `${prefix}.value`,
                  value: reader.string()
                }
                break
              }
              default: {
                reader.skipType(tag & 7)
                break
              }
            }
          }
        })
      }

      return _codec
    }

    export interface AttemptAssigned$argsEntryKeyFieldEvent {
      field: '$.key'
      value: string
    }

    export interface AttemptAssigned$argsEntryValueFieldEvent {
      field: '$.value'
      value: string
    }

    export function encode (obj: Partial<AttemptAssigned$argsEntry>): Uint8Array {
      return encodeMessage(obj, AttemptAssigned$argsEntry.codec())
    }

    export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptAssigned$argsEntry>): AttemptAssigned$argsEntry {
      return decodeMessage(buf, AttemptAssigned$argsEntry.codec(), opts)
    }

    export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptAssigned$argsEntry>): Generator<AttemptAssigned$argsEntryKeyFieldEvent | AttemptAssigned$argsEntryValueFieldEvent> {
      return streamMessage(buf, AttemptAssigned$argsEntry.codec(), opts)
    }
  }

  let _codec: Codec<AttemptAssigned>

  export const codec = (): Codec<AttemptAssigned> => {
    if (_codec == null) {
      _codec = message<AttemptAssigned>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ref != null) {
          w.uint32(10)
          AttemptRef.codec().encode(obj.ref, w)
        }

        if ((obj.cluster != null && obj.cluster !== '')) {
          w.uint32(18)
          w.string(obj.cluster)
        }

        if ((obj.program != null && obj.program !== '')) {
          w.uint32(26)
          w.string(obj.program)
        }

        if ((obj.reducers != null && obj.reducers !== 0)) {
          w.uint32(32)
          w.uint32(obj.reducers)
        }

        if (obj.args != null && obj.args.size > 0) {
          for (const [key, value] of obj.args.entries()) {
            w.uint32(42)
            AttemptAssigned.AttemptAssigned$argsEntry.codec().encode({ key, value }, w)
          }
        }

        if ((obj.separator != null && obj.separator !== '')) {
          w.uint32(50)
          w.string(obj.separator)
        }

        if (obj.splits != null && obj.splits.length > 0) {
          for (const value of obj.splits) {
            w.uint32(58)
            SplitRange.codec().encode(value, w)
          }
        }

        if ((obj.mapTasks != null && obj.mapTasks !== 0)) {
          w.uint32(64)
          w.uint32(obj.mapTasks)
        }

        if (obj.providers != null && obj.providers.length > 0) {
          for (const value of obj.providers) {
            w.uint32(74)
            w.string(value)
          }
        }

        if ((obj.fetchTimeoutMs != null && obj.fetchTimeoutMs !== 0n)) {
          w.uint32(80)
          w.uint64(obj.fetchTimeoutMs)
        }

        if ((obj.executeTimeoutMs != null && obj.executeTimeoutMs !== 0n)) {
          w.uint32(88)
          w.uint64(obj.executeTimeoutMs)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          cluster: '',
          program: '',
          reducers: 0,
          args: new Map<string, string>(),
          separator: '',
          splits: [],
          mapTasks: 0,
          providers: [],
          fetchTimeoutMs: 0n,
          executeTimeoutMs: 0n
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.ref = AttemptRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ref
              })
              break
            }
            case 2: {
              obj.cluster = reader.string()
              break
            }
            case 3: {
              obj.program = reader.string()
              break
            }
            case 4: {
              obj.reducers = reader.uint32()
              break
            }
            case 5: {
              if (opts.limits?.args != null && obj.args.size === opts.limits.args) {
                throw new MaxSizeError('Decode error - map field "args" had too many elements')
              }

              const entry = AttemptAssigned.AttemptAssigned$argsEntry.codec().decode(reader, reader.uint32(), {
                limits: {
                  value: opts.limits?.args$value
                }
              })
              obj.args.set(entry.key, entry.value)
              break
            }
            case 6: {
              obj.separator = reader.string()
              break
            }
            case 7: {
              if (opts.limits?.splits != null && obj.splits.length === opts.limits.splits) {
                throw new MaxLengthError('Decode error - repeated field "splits" had too many elements')
              }

              obj.splits.push(SplitRange.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.splits$
              }))
              break
            }
            case 8: {
              obj.mapTasks = reader.uint32()
              break
            }
            case 9: {
              if (opts.limits?.providers != null && obj.providers.length === opts.limits.providers) {
                throw new MaxLengthError('Decode error - repeated field "providers" had too many elements')
              }

              obj.providers.push(reader.string())
              break
            }
            case 10: {
              obj.fetchTimeoutMs = reader.uint64()
              break
            }
            case 11: {
              obj.executeTimeoutMs = reader.uint64()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          args: 0,
          splits: 0,
          providers: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * AttemptRef.codec().stream(reader, reader.uint32(), `${prefix}.ref`, {
                limits: opts.limits?.ref
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.cluster`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.program`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.reducers`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              if (opts.limits?.args != null && obj.args === opts.limits.args) {
                throw new MaxLengthError('Decode error - map field "args" had too many elements')
              }

              yield * AttemptAssigned.AttemptAssigned$argsEntry.codec().stream(reader, reader.uint32(), `${prefix}.args{}`, {
                limits: {
                  value: opts.limits?.args$value
                }
              })

              obj.args++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.separator`,
                value: reader.string()
              }
              break
            }
            case 7: {
              if (opts.limits?.splits != null && obj.splits === opts.limits.splits) {
                throw new MaxLengthError('Streaming decode error - repeated field "splits" had too many elements')
              }

              for (const evt of SplitRange.codec().stream(reader, reader.uint32(), `${prefix}.splits[]`, {
                limits: opts.limits?.splits$
              })) {
                yield {
                  ...evt,
                  index: obj.splits
                }
              }

              obj.splits++

              break
            }
            case 8: {
              yield {
                field: `${prefix}.mapTasks`,
                value: reader.uint32()
              }
              break
            }
            case 9: {
              if (opts.limits?.providers != null && obj.providers === opts.limits.providers) {
                throw new MaxLengthError('Streaming decode error - repeated field "providers" had too many elements')
              }

              yield {
                field: `${prefix}.providers[]`,
                index: obj.providers,
                value: reader.string()
              }

              obj.providers++

              break
            }
            case 10: {
              yield {
                field: `${prefix}.fetchTimeoutMs`,
                value: reader.uint64()
              }
              break
            }
            case 11: {
              yield {
                field: `${prefix}.executeTimeoutMs`,
                value: reader.uint64()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AttemptAssignedRefJobFieldEvent {
    field: '$.ref.job'
    value: string
  }

  export interface AttemptAssignedRefKindFieldEvent {
    field: '$.ref.kind'
    value: TaskKind
  }

  export interface AttemptAssignedRefTaskFieldEvent {
    field: '$.ref.task'
    value: number
  }

  export interface AttemptAssignedRefAttemptFieldEvent {
    field: '$.ref.attempt'
    value: number
  }

  export interface AttemptAssignedClusterFieldEvent {
    field: '$.cluster'
    value: string
  }

  export interface AttemptAssignedProgramFieldEvent {
    field: '$.program'
    value: string
  }

  export interface AttemptAssignedReducersFieldEvent {
    field: '$.reducers'
    value: number
  }

  export interface AttemptAssignedArgsFieldEvent {
    field: '$.args{}'
    key: string
    value: string
  }

  export interface AttemptAssignedSeparatorFieldEvent {
    field: '$.separator'
    value: string
  }

  export interface AttemptAssignedSplitsFileFieldEvent {
    field: '$.splits[].file'
    value: string
    index: number
  }

  export interface AttemptAssignedSplitsCidFieldEvent {
    field: '$.splits[].cid'
    value: string
    index: number
  }

  export interface AttemptAssignedSplitsOffsetFieldEvent {
    field: '$.splits[].offset'
    value: bigint
    index: number
  }

  export interface AttemptAssignedSplitsLengthFieldEvent {
    field: '$.splits[].length'
    value: bigint
    index: number
  }

  export interface AttemptAssignedSplitsFileBytesFieldEvent {
    field: '$.splits[].fileBytes'
    value: bigint
    index: number
  }

  export interface AttemptAssignedMapTasksFieldEvent {
    field: '$.mapTasks'
    value: number
  }

  export interface AttemptAssignedProvidersFieldEvent {
    field: '$.providers[]'
    index: number
    value: string
  }

  export interface AttemptAssignedFetchTimeoutMsFieldEvent {
    field: '$.fetchTimeoutMs'
    value: bigint
  }

  export interface AttemptAssignedExecuteTimeoutMsFieldEvent {
    field: '$.executeTimeoutMs'
    value: bigint
  }

  export function encode (obj: Partial<AttemptAssigned>): Uint8Array {
    return encodeMessage(obj, AttemptAssigned.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptAssigned>): AttemptAssigned {
    return decodeMessage(buf, AttemptAssigned.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptAssigned>): Generator<AttemptAssignedRefJobFieldEvent | AttemptAssignedRefKindFieldEvent | AttemptAssignedRefTaskFieldEvent | AttemptAssignedRefAttemptFieldEvent | AttemptAssignedClusterFieldEvent | AttemptAssignedProgramFieldEvent | AttemptAssignedReducersFieldEvent | AttemptAssignedArgsFieldEvent | AttemptAssignedSeparatorFieldEvent | AttemptAssignedSplitsFileFieldEvent | AttemptAssignedSplitsCidFieldEvent | AttemptAssignedSplitsOffsetFieldEvent | AttemptAssignedSplitsLengthFieldEvent | AttemptAssignedSplitsFileBytesFieldEvent | AttemptAssignedMapTasksFieldEvent | AttemptAssignedProvidersFieldEvent | AttemptAssignedFetchTimeoutMsFieldEvent | AttemptAssignedExecuteTimeoutMsFieldEvent> {
    return streamMessage(buf, AttemptAssigned.codec(), opts)
  }
}

export interface RunsCommitted {
  ref?: AttemptRef
  runs: RunAt[]
  empty: number[]
}

export namespace RunsCommitted {
  let _codec: Codec<RunsCommitted>

  export const codec = (): Codec<RunsCommitted> => {
    if (_codec == null) {
      _codec = message<RunsCommitted>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ref != null) {
          w.uint32(10)
          AttemptRef.codec().encode(obj.ref, w)
        }

        if (obj.runs != null && obj.runs.length > 0) {
          for (const value of obj.runs) {
            w.uint32(18)
            RunAt.codec().encode(value, w)
          }
        }

        if (obj.empty != null && obj.empty.length > 0) {
          for (const value of obj.empty) {
            w.uint32(24)
            w.uint32(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          runs: [],
          empty: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.ref = AttemptRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ref
              })
              break
            }
            case 2: {
              if (opts.limits?.runs != null && obj.runs.length === opts.limits.runs) {
                throw new MaxLengthError('Decode error - repeated field "runs" had too many elements')
              }

              obj.runs.push(RunAt.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.runs$
              }))
              break
            }
            case 3: {
              if (opts.limits?.empty != null && obj.empty.length === opts.limits.empty) {
                throw new MaxLengthError('Decode error - repeated field "empty" had too many elements')
              }

              obj.empty.push(reader.uint32())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          runs: 0,
          empty: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * AttemptRef.codec().stream(reader, reader.uint32(), `${prefix}.ref`, {
                limits: opts.limits?.ref
              })

              break
            }
            case 2: {
              if (opts.limits?.runs != null && obj.runs === opts.limits.runs) {
                throw new MaxLengthError('Streaming decode error - repeated field "runs" had too many elements')
              }

              for (const evt of RunAt.codec().stream(reader, reader.uint32(), `${prefix}.runs[]`, {
                limits: opts.limits?.runs$
              })) {
                yield {
                  ...evt,
                  index: obj.runs
                }
              }

              obj.runs++

              break
            }
            case 3: {
              if (opts.limits?.empty != null && obj.empty === opts.limits.empty) {
                throw new MaxLengthError('Streaming decode error - repeated field "empty" had too many elements')
              }

              yield {
                field: `${prefix}.empty[]`,
                index: obj.empty,
                value: reader.uint32()
              }

              obj.empty++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface RunsCommittedRefJobFieldEvent {
    field: '$.ref.job'
    value: string
  }

  export interface RunsCommittedRefKindFieldEvent {
    field: '$.ref.kind'
    value: TaskKind
  }

  export interface RunsCommittedRefTaskFieldEvent {
    field: '$.ref.task'
    value: number
  }

  export interface RunsCommittedRefAttemptFieldEvent {
    field: '$.ref.attempt'
    value: number
  }

  export interface RunsCommittedRunsRunMapTaskFieldEvent {
    field: '$.runs[].run.mapTask'
    value: number
    index: number
  }

  export interface RunsCommittedRunsRunPartitionFieldEvent {
    field: '$.runs[].run.partition'
    value: number
    index: number
  }

  export interface RunsCommittedRunsRunCidFieldEvent {
    field: '$.runs[].run.cid'
    value: string
    index: number
  }

  export interface RunsCommittedRunsRunBytesFieldEvent {
    field: '$.runs[].run.bytes'
    value: bigint
    index: number
  }

  export interface RunsCommittedRunsRunRecordsFieldEvent {
    field: '$.runs[].run.records'
    value: bigint
    index: number
  }

  export interface RunsCommittedRunsProvidersFieldEvent {
    field: '$.runs[].providers[]'
    index: number
    value: string
  }

  export interface RunsCommittedEmptyFieldEvent {
    field: '$.empty[]'
    index: number
    value: number
  }

  export function encode (obj: Partial<RunsCommitted>): Uint8Array {
    return encodeMessage(obj, RunsCommitted.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RunsCommitted>): RunsCommitted {
    return decodeMessage(buf, RunsCommitted.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RunsCommitted>): Generator<RunsCommittedRefJobFieldEvent | RunsCommittedRefKindFieldEvent | RunsCommittedRefTaskFieldEvent | RunsCommittedRefAttemptFieldEvent | RunsCommittedRunsRunMapTaskFieldEvent | RunsCommittedRunsRunPartitionFieldEvent | RunsCommittedRunsRunCidFieldEvent | RunsCommittedRunsRunBytesFieldEvent | RunsCommittedRunsRunRecordsFieldEvent | RunsCommittedRunsProvidersFieldEvent | RunsCommittedEmptyFieldEvent> {
    return streamMessage(buf, RunsCommitted.codec(), opts)
  }
}

export interface RunAt {
  run?: Run
  providers: string[]
}

export namespace RunAt {
  let _codec: Codec<RunAt>

  export const codec = (): Codec<RunAt> => {
    if (_codec == null) {
      _codec = message<RunAt>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.run != null) {
          w.uint32(10)
          Run.codec().encode(obj.run, w)
        }

        if (obj.providers != null && obj.providers.length > 0) {
          for (const value of obj.providers) {
            w.uint32(18)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          providers: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.run = Run.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.run
              })
              break
            }
            case 2: {
              if (opts.limits?.providers != null && obj.providers.length === opts.limits.providers) {
                throw new MaxLengthError('Decode error - repeated field "providers" had too many elements')
              }

              obj.providers.push(reader.string())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          providers: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Run.codec().stream(reader, reader.uint32(), `${prefix}.run`, {
                limits: opts.limits?.run
              })

              break
            }
            case 2: {
              if (opts.limits?.providers != null && obj.providers === opts.limits.providers) {
                throw new MaxLengthError('Streaming decode error - repeated field "providers" had too many elements')
              }

              yield {
                field: `${prefix}.providers[]`,
                index: obj.providers,
                value: reader.string()
              }

              obj.providers++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface RunAtRunMapTaskFieldEvent {
    field: '$.run.mapTask'
    value: number
  }

  export interface RunAtRunPartitionFieldEvent {
    field: '$.run.partition'
    value: number
  }

  export interface RunAtRunCidFieldEvent {
    field: '$.run.cid'
    value: string
  }

  export interface RunAtRunBytesFieldEvent {
    field: '$.run.bytes'
    value: bigint
  }

  export interface RunAtRunRecordsFieldEvent {
    field: '$.run.records'
    value: bigint
  }

  export interface RunAtProvidersFieldEvent {
    field: '$.providers[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<RunAt>): Uint8Array {
    return encodeMessage(obj, RunAt.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RunAt>): RunAt {
    return decodeMessage(buf, RunAt.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RunAt>): Generator<RunAtRunMapTaskFieldEvent | RunAtRunPartitionFieldEvent | RunAtRunCidFieldEvent | RunAtRunBytesFieldEvent | RunAtRunRecordsFieldEvent | RunAtProvidersFieldEvent> {
    return streamMessage(buf, RunAt.codec(), opts)
  }
}

export interface AttemptAborted {
  ref?: AttemptRef
  reason: string
}

export namespace AttemptAborted {
  let _codec: Codec<AttemptAborted>

  export const codec = (): Codec<AttemptAborted> => {
    if (_codec == null) {
      _codec = message<AttemptAborted>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ref != null) {
          w.uint32(10)
          AttemptRef.codec().encode(obj.ref, w)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(18)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          reason: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.ref = AttemptRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ref
              })
              break
            }
            case 2: {
              obj.reason = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * AttemptRef.codec().stream(reader, reader.uint32(), `${prefix}.ref`, {
                limits: opts.limits?.ref
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AttemptAbortedRefJobFieldEvent {
    field: '$.ref.job'
    value: string
  }

  export interface AttemptAbortedRefKindFieldEvent {
    field: '$.ref.kind'
    value: TaskKind
  }

  export interface AttemptAbortedRefTaskFieldEvent {
    field: '$.ref.task'
    value: number
  }

  export interface AttemptAbortedRefAttemptFieldEvent {
    field: '$.ref.attempt'
    value: number
  }

  export interface AttemptAbortedReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<AttemptAborted>): Uint8Array {
    return encodeMessage(obj, AttemptAborted.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptAborted>): AttemptAborted {
    return decodeMessage(buf, AttemptAborted.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptAborted>): Generator<AttemptAbortedRefJobFieldEvent | AttemptAbortedRefKindFieldEvent | AttemptAbortedRefTaskFieldEvent | AttemptAbortedRefAttemptFieldEvent | AttemptAbortedReasonFieldEvent> {
    return streamMessage(buf, AttemptAborted.codec(), opts)
  }
}

export interface JobEnded {
  job: string
  state: string
}

export namespace JobEnded {
  let _codec: Codec<JobEnded>

  export const codec = (): Codec<JobEnded> => {
    if (_codec == null) {
      _codec = message<JobEnded>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if ((obj.state != null && obj.state !== '')) {
          w.uint32(18)
          w.string(obj.state)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          state: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            case 2: {
              obj.state = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.state`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface JobEndedJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface JobEndedStateFieldEvent {
    field: '$.state'
    value: string
  }

  export function encode (obj: Partial<JobEnded>): Uint8Array {
    return encodeMessage(obj, JobEnded.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobEnded>): JobEnded {
    return decodeMessage(buf, JobEnded.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobEnded>): Generator<JobEndedJobFieldEvent | JobEndedStateFieldEvent> {
    return streamMessage(buf, JobEnded.codec(), opts)
  }
}

export interface BlocksQuery {
  cids: string[]
}

export namespace BlocksQuery {
  let _codec: Codec<BlocksQuery>

  export const codec = (): Codec<BlocksQuery> => {
    if (_codec == null) {
      _codec = message<BlocksQuery>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.cids != null && obj.cids.length > 0) {
          for (const value of obj.cids) {
            w.uint32(10)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          cids: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.cids != null && obj.cids.length === opts.limits.cids) {
                throw new MaxLengthError('Decode error - repeated field "cids" had too many elements')
              }

              obj.cids.push(reader.string())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          cids: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.cids != null && obj.cids === opts.limits.cids) {
                throw new MaxLengthError('Streaming decode error - repeated field "cids" had too many elements')
              }

              yield {
                field: `${prefix}.cids[]`,
                index: obj.cids,
                value: reader.string()
              }

              obj.cids++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface BlocksQueryCidsFieldEvent {
    field: '$.cids[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<BlocksQuery>): Uint8Array {
    return encodeMessage(obj, BlocksQuery.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlocksQuery>): BlocksQuery {
    return decodeMessage(buf, BlocksQuery.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlocksQuery>): Generator<BlocksQueryCidsFieldEvent> {
    return streamMessage(buf, BlocksQuery.codec(), opts)
  }
}

export interface BlocksHeld {
  held: boolean[]
}

export namespace BlocksHeld {
  let _codec: Codec<BlocksHeld>

  export const codec = (): Codec<BlocksHeld> => {
    if (_codec == null) {
      _codec = message<BlocksHeld>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.held != null && obj.held.length > 0) {
          for (const value of obj.held) {
            w.uint32(8)
            w.bool(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          held: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.held != null && obj.held.length === opts.limits.held) {
                throw new MaxLengthError('Decode error - repeated field "held" had too many elements')
              }

              obj.held.push(reader.bool())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          held: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.held != null && obj.held === opts.limits.held) {
                throw new MaxLengthError('Streaming decode error - repeated field "held" had too many elements')
              }

              yield {
                field: `${prefix}.held[]`,
                index: obj.held,
                value: reader.bool()
              }

              obj.held++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface BlocksHeldHeldFieldEvent {
    field: '$.held[]'
    index: number
    value: boolean
  }

  export function encode (obj: Partial<BlocksHeld>): Uint8Array {
    return encodeMessage(obj, BlocksHeld.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlocksHeld>): BlocksHeld {
    return decodeMessage(buf, BlocksHeld.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlocksHeld>): Generator<BlocksHeldHeldFieldEvent> {
    return streamMessage(buf, BlocksHeld.codec(), opts)
  }
}

export interface AttemptCompleted {
  ref?: AttemptRef
  runs: Run[]
  output: string
  outputBytes: bigint
  counters: Map<string, bigint>
  fetchedBytes: bigint
  fetchedBlocks: number
}

export namespace AttemptCompleted {
  export interface AttemptCompleted$countersEntry {
    key: string
    value: bigint
  }

  export namespace AttemptCompleted$countersEntry {
    let _codec: Codec<AttemptCompleted$countersEntry>

    export const codec = (): Codec<AttemptCompleted$countersEntry> => {
      if (_codec == null) {
        _codec = message<AttemptCompleted$countersEntry>((obj, w, opts = {}) => {
          if (opts.lengthDelimited !== false) {
            w.fork()
          }

          if ((obj.key != null && obj.key !== '')) {
            w.uint32(10)
            w.string(obj.key)
          }

          if ((obj.value != null && obj.value !== 0n)) {
            w.uint32(16)
            w.uint64(obj.value)
          }

          if (opts.lengthDelimited !== false) {
            w.ldelim()
          }
        }, (reader, length, opts = {}) => {
          const obj: any = {
            key: '',
            value: 0n
          }

          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                obj.key = reader.string()
                break
              }
              case 2: {
                obj.value = reader.uint64()
                break
              }
              default: {
                reader.skipType(tag & 7)
                break
              }
            }
          }

          return obj
        }, function * (reader, length, prefix, opts = {}) {
          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                yield {
                  field: `${prefix}.key`,
                  value: reader.string()
                }
                break
              }
              case 2: {
                yield {
                  field: `${prefix}.value`,
                  value: reader.uint64()
                }
                break
              }
              default: {
                reader.skipType(tag & 7)
                break
              }
            }
          }
        })
      }

      return _codec
    }

    export interface AttemptCompleted$countersEntryKeyFieldEvent {
      field: '$.key'
      value: string
    }

    export interface AttemptCompleted$countersEntryValueFieldEvent {
      field: '$.value'
      value: bigint
    }

    export function encode (obj: Partial<AttemptCompleted$countersEntry>): Uint8Array {
      return encodeMessage(obj, AttemptCompleted$countersEntry.codec())
    }

    export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptCompleted$countersEntry>): AttemptCompleted$countersEntry {
      return decodeMessage(buf, AttemptCompleted$countersEntry.codec(), opts)
    }

    export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptCompleted$countersEntry>): Generator<AttemptCompleted$countersEntryKeyFieldEvent | AttemptCompleted$countersEntryValueFieldEvent> {
      return streamMessage(buf, AttemptCompleted$countersEntry.codec(), opts)
    }
  }

  let _codec: Codec<AttemptCompleted>

  export const codec = (): Codec<AttemptCompleted> => {
    if (_codec == null) {
      _codec = message<AttemptCompleted>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ref != null) {
          w.uint32(10)
          AttemptRef.codec().encode(obj.ref, w)
        }

        if (obj.runs != null && obj.runs.length > 0) {
          for (const value of obj.runs) {
            w.uint32(18)
            Run.codec().encode(value, w)
          }
        }

        if ((obj.output != null && obj.output !== '')) {
          w.uint32(26)
          w.string(obj.output)
        }

        if ((obj.outputBytes != null && obj.outputBytes !== 0n)) {
          w.uint32(32)
          w.uint64(obj.outputBytes)
        }

        if (obj.counters != null && obj.counters.size > 0) {
          for (const [key, value] of obj.counters.entries()) {
            w.uint32(42)
            AttemptCompleted.AttemptCompleted$countersEntry.codec().encode({ key, value }, w)
          }
        }

        if ((obj.fetchedBytes != null && obj.fetchedBytes !== 0n)) {
          w.uint32(48)
          w.uint64(obj.fetchedBytes)
        }

        if ((obj.fetchedBlocks != null && obj.fetchedBlocks !== 0)) {
          w.uint32(56)
          w.uint32(obj.fetchedBlocks)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          runs: [],
          output: '',
          outputBytes: 0n,
          counters: new Map<string, bigint>(),
          fetchedBytes: 0n,
          fetchedBlocks: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.ref = AttemptRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ref
              })
              break
            }
            case 2: {
              if (opts.limits?.runs != null && obj.runs.length === opts.limits.runs) {
                throw new MaxLengthError('Decode error - repeated field "runs" had too many elements')
              }

              obj.runs.push(Run.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.runs$
              }))
              break
            }
            case 3: {
              obj.output = reader.string()
              break
            }
            case 4: {
              obj.outputBytes = reader.uint64()
              break
            }
            case 5: {
              if (opts.limits?.counters != null && obj.counters.size === opts.limits.counters) {
                throw new MaxSizeError('Decode error - map field "counters" had too many elements')
              }

              const entry = AttemptCompleted.AttemptCompleted$countersEntry.codec().decode(reader, reader.uint32(), {
                limits: {
                  value: opts.limits?.counters$value
                }
              })
              obj.counters.set(entry.key, entry.value)
              break
            }
            case 6: {
              obj.fetchedBytes = reader.uint64()
              break
            }
            case 7: {
              obj.fetchedBlocks = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          runs: 0,
          counters: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * AttemptRef.codec().stream(reader, reader.uint32(), `${prefix}.ref`, {
                limits: opts.limits?.ref
              })

              break
            }
            case 2: {
              if (opts.limits?.runs != null && obj.runs === opts.limits.runs) {
                throw new MaxLengthError('Streaming decode error - repeated field "runs" had too many elements')
              }

              for (const evt of Run.codec().stream(reader, reader.uint32(), `${prefix}.runs[]`, {
                limits: opts.limits?.runs$
              })) {
                yield {
                  ...evt,
                  index: obj.runs
                }
              }

              obj.runs++

              break
            }
            case 3: {
              yield {
                field: `${prefix}.output`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.outputBytes`,
                value: reader.uint64()
              }
              break
            }
            case 5: {
              if (opts.limits?.counters != null && obj.counters === opts.limits.counters) {
                throw new MaxLengthError('Decode error - map field "counters" had too many elements')
              }

              yield * AttemptCompleted.AttemptCompleted$countersEntry.codec().stream(reader, reader.uint32(), `${prefix}.counters{}`, {
                limits: {
                  value: opts.limits?.counters$value
                }
              })

              obj.counters++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.fetchedBytes`,
                value: reader.uint64()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.fetchedBlocks`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AttemptCompletedRefJobFieldEvent {
    field: '$.ref.job'
    value: string
  }

  export interface AttemptCompletedRefKindFieldEvent {
    field: '$.ref.kind'
    value: TaskKind
  }

  export interface AttemptCompletedRefTaskFieldEvent {
    field: '$.ref.task'
    value: number
  }

  export interface AttemptCompletedRefAttemptFieldEvent {
    field: '$.ref.attempt'
    value: number
  }

  export interface AttemptCompletedRunsMapTaskFieldEvent {
    field: '$.runs[].mapTask'
    value: number
    index: number
  }

  export interface AttemptCompletedRunsPartitionFieldEvent {
    field: '$.runs[].partition'
    value: number
    index: number
  }

  export interface AttemptCompletedRunsCidFieldEvent {
    field: '$.runs[].cid'
    value: string
    index: number
  }

  export interface AttemptCompletedRunsBytesFieldEvent {
    field: '$.runs[].bytes'
    value: bigint
    index: number
  }

  export interface AttemptCompletedRunsRecordsFieldEvent {
    field: '$.runs[].records'
    value: bigint
    index: number
  }

  export interface AttemptCompletedOutputFieldEvent {
    field: '$.output'
    value: string
  }

  export interface AttemptCompletedOutputBytesFieldEvent {
    field: '$.outputBytes'
    value: bigint
  }

  export interface AttemptCompletedCountersFieldEvent {
    field: '$.counters{}'
    key: string
    value: bigint
  }

  export interface AttemptCompletedFetchedBytesFieldEvent {
    field: '$.fetchedBytes'
    value: bigint
  }

  export interface AttemptCompletedFetchedBlocksFieldEvent {
    field: '$.fetchedBlocks'
    value: number
  }

  export function encode (obj: Partial<AttemptCompleted>): Uint8Array {
    return encodeMessage(obj, AttemptCompleted.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptCompleted>): AttemptCompleted {
    return decodeMessage(buf, AttemptCompleted.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptCompleted>): Generator<AttemptCompletedRefJobFieldEvent | AttemptCompletedRefKindFieldEvent | AttemptCompletedRefTaskFieldEvent | AttemptCompletedRefAttemptFieldEvent | AttemptCompletedRunsMapTaskFieldEvent | AttemptCompletedRunsPartitionFieldEvent | AttemptCompletedRunsCidFieldEvent | AttemptCompletedRunsBytesFieldEvent | AttemptCompletedRunsRecordsFieldEvent | AttemptCompletedOutputFieldEvent | AttemptCompletedOutputBytesFieldEvent | AttemptCompletedCountersFieldEvent | AttemptCompletedFetchedBytesFieldEvent | AttemptCompletedFetchedBlocksFieldEvent> {
    return streamMessage(buf, AttemptCompleted.codec(), opts)
  }
}

export interface AttemptFailed {
  ref?: AttemptRef
  failure?: Failure
}

export namespace AttemptFailed {
  let _codec: Codec<AttemptFailed>

  export const codec = (): Codec<AttemptFailed> => {
    if (_codec == null) {
      _codec = message<AttemptFailed>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ref != null) {
          w.uint32(10)
          AttemptRef.codec().encode(obj.ref, w)
        }

        if (obj.failure != null) {
          w.uint32(18)
          Failure.codec().encode(obj.failure, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.ref = AttemptRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ref
              })
              break
            }
            case 2: {
              obj.failure = Failure.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.failure
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * AttemptRef.codec().stream(reader, reader.uint32(), `${prefix}.ref`, {
                limits: opts.limits?.ref
              })

              break
            }
            case 2: {
              yield * Failure.codec().stream(reader, reader.uint32(), `${prefix}.failure`, {
                limits: opts.limits?.failure
              })

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AttemptFailedRefJobFieldEvent {
    field: '$.ref.job'
    value: string
  }

  export interface AttemptFailedRefKindFieldEvent {
    field: '$.ref.kind'
    value: TaskKind
  }

  export interface AttemptFailedRefTaskFieldEvent {
    field: '$.ref.task'
    value: number
  }

  export interface AttemptFailedRefAttemptFieldEvent {
    field: '$.ref.attempt'
    value: number
  }

  export interface AttemptFailedFailureCodeFieldEvent {
    field: '$.failure.code'
    value: Code
  }

  export interface AttemptFailedFailureMessageFieldEvent {
    field: '$.failure.message'
    value: string
  }

  export interface AttemptFailedFailureStackFieldEvent {
    field: '$.failure.stack'
    value: string
  }

  export interface AttemptFailedFailureCidFieldEvent {
    field: '$.failure.cid'
    value: string
  }

  export function encode (obj: Partial<AttemptFailed>): Uint8Array {
    return encodeMessage(obj, AttemptFailed.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptFailed>): AttemptFailed {
    return decodeMessage(buf, AttemptFailed.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptFailed>): Generator<AttemptFailedRefJobFieldEvent | AttemptFailedRefKindFieldEvent | AttemptFailedRefTaskFieldEvent | AttemptFailedRefAttemptFieldEvent | AttemptFailedFailureCodeFieldEvent | AttemptFailedFailureMessageFieldEvent | AttemptFailedFailureStackFieldEvent | AttemptFailedFailureCidFieldEvent> {
    return streamMessage(buf, AttemptFailed.codec(), opts)
  }
}

export interface RunLost {
  ref?: AttemptRef
  mapTask: number
  cid: string
  message: string
}

export namespace RunLost {
  let _codec: Codec<RunLost>

  export const codec = (): Codec<RunLost> => {
    if (_codec == null) {
      _codec = message<RunLost>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ref != null) {
          w.uint32(10)
          AttemptRef.codec().encode(obj.ref, w)
        }

        if ((obj.mapTask != null && obj.mapTask !== 0)) {
          w.uint32(16)
          w.uint32(obj.mapTask)
        }

        if ((obj.cid != null && obj.cid !== '')) {
          w.uint32(26)
          w.string(obj.cid)
        }

        if ((obj.message != null && obj.message !== '')) {
          w.uint32(34)
          w.string(obj.message)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          mapTask: 0,
          cid: '',
          message: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.ref = AttemptRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ref
              })
              break
            }
            case 2: {
              obj.mapTask = reader.uint32()
              break
            }
            case 3: {
              obj.cid = reader.string()
              break
            }
            case 4: {
              obj.message = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * AttemptRef.codec().stream(reader, reader.uint32(), `${prefix}.ref`, {
                limits: opts.limits?.ref
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.mapTask`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.cid`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.message`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface RunLostRefJobFieldEvent {
    field: '$.ref.job'
    value: string
  }

  export interface RunLostRefKindFieldEvent {
    field: '$.ref.kind'
    value: TaskKind
  }

  export interface RunLostRefTaskFieldEvent {
    field: '$.ref.task'
    value: number
  }

  export interface RunLostRefAttemptFieldEvent {
    field: '$.ref.attempt'
    value: number
  }

  export interface RunLostMapTaskFieldEvent {
    field: '$.mapTask'
    value: number
  }

  export interface RunLostCidFieldEvent {
    field: '$.cid'
    value: string
  }

  export interface RunLostMessageFieldEvent {
    field: '$.message'
    value: string
  }

  export function encode (obj: Partial<RunLost>): Uint8Array {
    return encodeMessage(obj, RunLost.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RunLost>): RunLost {
    return decodeMessage(buf, RunLost.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RunLost>): Generator<RunLostRefJobFieldEvent | RunLostRefKindFieldEvent | RunLostRefTaskFieldEvent | RunLostRefAttemptFieldEvent | RunLostMapTaskFieldEvent | RunLostCidFieldEvent | RunLostMessageFieldEvent> {
    return streamMessage(buf, RunLost.codec(), opts)
  }
}

export interface AttemptProgress {
  ref?: AttemptRef
  state: string
  records: bigint
}

export namespace AttemptProgress {
  let _codec: Codec<AttemptProgress>

  export const codec = (): Codec<AttemptProgress> => {
    if (_codec == null) {
      _codec = message<AttemptProgress>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.ref != null) {
          w.uint32(10)
          AttemptRef.codec().encode(obj.ref, w)
        }

        if ((obj.state != null && obj.state !== '')) {
          w.uint32(18)
          w.string(obj.state)
        }

        if ((obj.records != null && obj.records !== 0n)) {
          w.uint32(24)
          w.uint64(obj.records)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          state: '',
          records: 0n
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.ref = AttemptRef.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ref
              })
              break
            }
            case 2: {
              obj.state = reader.string()
              break
            }
            case 3: {
              obj.records = reader.uint64()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * AttemptRef.codec().stream(reader, reader.uint32(), `${prefix}.ref`, {
                limits: opts.limits?.ref
              })

              break
            }
            case 2: {
              yield {
                field: `${prefix}.state`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.records`,
                value: reader.uint64()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AttemptProgressRefJobFieldEvent {
    field: '$.ref.job'
    value: string
  }

  export interface AttemptProgressRefKindFieldEvent {
    field: '$.ref.kind'
    value: TaskKind
  }

  export interface AttemptProgressRefTaskFieldEvent {
    field: '$.ref.task'
    value: number
  }

  export interface AttemptProgressRefAttemptFieldEvent {
    field: '$.ref.attempt'
    value: number
  }

  export interface AttemptProgressStateFieldEvent {
    field: '$.state'
    value: string
  }

  export interface AttemptProgressRecordsFieldEvent {
    field: '$.records'
    value: bigint
  }

  export function encode (obj: Partial<AttemptProgress>): Uint8Array {
    return encodeMessage(obj, AttemptProgress.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptProgress>): AttemptProgress {
    return decodeMessage(buf, AttemptProgress.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttemptProgress>): Generator<AttemptProgressRefJobFieldEvent | AttemptProgressRefKindFieldEvent | AttemptProgressRefTaskFieldEvent | AttemptProgressRefAttemptFieldEvent | AttemptProgressStateFieldEvent | AttemptProgressRecordsFieldEvent> {
    return streamMessage(buf, AttemptProgress.codec(), opts)
  }
}

export interface JobSpec {
  program: string
  programName: string
  input: string
  reducers: number
  args: Map<string, string>
  separator: string
  splitBytes: bigint
}

export namespace JobSpec {
  export interface JobSpec$argsEntry {
    key: string
    value: string
  }

  export namespace JobSpec$argsEntry {
    let _codec: Codec<JobSpec$argsEntry>

    export const codec = (): Codec<JobSpec$argsEntry> => {
      if (_codec == null) {
        _codec = message<JobSpec$argsEntry>((obj, w, opts = {}) => {
          if (opts.lengthDelimited !== false) {
            w.fork()
          }

          if ((obj.key != null && obj.key !== '')) {
            w.uint32(10)
            w.string(obj.key)
          }

          if ((obj.value != null && obj.value !== '')) {
            w.uint32(18)
            w.string(obj.value)
          }

          if (opts.lengthDelimited !== false) {
            w.ldelim()
          }
        }, (reader, length, opts = {}) => {
          const obj: any = {
            key: '',
            value: ''
          }

          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                obj.key = reader.string()
                break
              }
              case 2: {
                obj.value = reader.string()
                break
              }
              default: {
                reader.skipType(tag & 7)
                break
              }
            }
          }

          return obj
        }, function * (reader, length, prefix, opts = {}) {
          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                yield {
                  field: `${prefix}.key`,
                  value: reader.string()
                }
                break
              }
              case 2: {
                yield {
                  field: `${prefix}.value`,
                  value: reader.string()
                }
                break
              }
              default: {
                reader.skipType(tag & 7)
                break
              }
            }
          }
        })
      }

      return _codec
    }

    export interface JobSpec$argsEntryKeyFieldEvent {
      field: '$.key'
      value: string
    }

    export interface JobSpec$argsEntryValueFieldEvent {
      field: '$.value'
      value: string
    }

    export function encode (obj: Partial<JobSpec$argsEntry>): Uint8Array {
      return encodeMessage(obj, JobSpec$argsEntry.codec())
    }

    export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobSpec$argsEntry>): JobSpec$argsEntry {
      return decodeMessage(buf, JobSpec$argsEntry.codec(), opts)
    }

    export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobSpec$argsEntry>): Generator<JobSpec$argsEntryKeyFieldEvent | JobSpec$argsEntryValueFieldEvent> {
      return streamMessage(buf, JobSpec$argsEntry.codec(), opts)
    }
  }

  let _codec: Codec<JobSpec>

  export const codec = (): Codec<JobSpec> => {
    if (_codec == null) {
      _codec = message<JobSpec>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.program != null && obj.program !== '')) {
          w.uint32(10)
          w.string(obj.program)
        }

        if ((obj.programName != null && obj.programName !== '')) {
          w.uint32(18)
          w.string(obj.programName)
        }

        if ((obj.input != null && obj.input !== '')) {
          w.uint32(26)
          w.string(obj.input)
        }

        if ((obj.reducers != null && obj.reducers !== 0)) {
          w.uint32(32)
          w.uint32(obj.reducers)
        }

        if (obj.args != null && obj.args.size > 0) {
          for (const [key, value] of obj.args.entries()) {
            w.uint32(42)
            JobSpec.JobSpec$argsEntry.codec().encode({ key, value }, w)
          }
        }

        if ((obj.separator != null && obj.separator !== '')) {
          w.uint32(50)
          w.string(obj.separator)
        }

        if ((obj.splitBytes != null && obj.splitBytes !== 0n)) {
          w.uint32(56)
          w.uint64(obj.splitBytes)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          program: '',
          programName: '',
          input: '',
          reducers: 0,
          args: new Map<string, string>(),
          separator: '',
          splitBytes: 0n
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.program = reader.string()
              break
            }
            case 2: {
              obj.programName = reader.string()
              break
            }
            case 3: {
              obj.input = reader.string()
              break
            }
            case 4: {
              obj.reducers = reader.uint32()
              break
            }
            case 5: {
              if (opts.limits?.args != null && obj.args.size === opts.limits.args) {
                throw new MaxSizeError('Decode error - map field "args" had too many elements')
              }

              const entry = JobSpec.JobSpec$argsEntry.codec().decode(reader, reader.uint32(), {
                limits: {
                  value: opts.limits?.args$value
                }
              })
              obj.args.set(entry.key, entry.value)
              break
            }
            case 6: {
              obj.separator = reader.string()
              break
            }
            case 7: {
              obj.splitBytes = reader.uint64()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          args: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.program`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.programName`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.input`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.reducers`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              if (opts.limits?.args != null && obj.args === opts.limits.args) {
                throw new MaxLengthError('Decode error - map field "args" had too many elements')
              }

              yield * JobSpec.JobSpec$argsEntry.codec().stream(reader, reader.uint32(), `${prefix}.args{}`, {
                limits: {
                  value: opts.limits?.args$value
                }
              })

              obj.args++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.separator`,
                value: reader.string()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.splitBytes`,
                value: reader.uint64()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface JobSpecProgramFieldEvent {
    field: '$.program'
    value: string
  }

  export interface JobSpecProgramNameFieldEvent {
    field: '$.programName'
    value: string
  }

  export interface JobSpecInputFieldEvent {
    field: '$.input'
    value: string
  }

  export interface JobSpecReducersFieldEvent {
    field: '$.reducers'
    value: number
  }

  export interface JobSpecArgsFieldEvent {
    field: '$.args{}'
    key: string
    value: string
  }

  export interface JobSpecSeparatorFieldEvent {
    field: '$.separator'
    value: string
  }

  export interface JobSpecSplitBytesFieldEvent {
    field: '$.splitBytes'
    value: bigint
  }

  export function encode (obj: Partial<JobSpec>): Uint8Array {
    return encodeMessage(obj, JobSpec.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobSpec>): JobSpec {
    return decodeMessage(buf, JobSpec.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobSpec>): Generator<JobSpecProgramFieldEvent | JobSpecProgramNameFieldEvent | JobSpecInputFieldEvent | JobSpecReducersFieldEvent | JobSpecArgsFieldEvent | JobSpecSeparatorFieldEvent | JobSpecSplitBytesFieldEvent> {
    return streamMessage(buf, JobSpec.codec(), opts)
  }
}

export interface SubmitJob {
  cluster: string
  spec?: JobSpec
  providers: string[]
  deadlineMs: bigint
  workerWaitMs: bigint
  maxAttempts: number
}

export namespace SubmitJob {
  let _codec: Codec<SubmitJob>

  export const codec = (): Codec<SubmitJob> => {
    if (_codec == null) {
      _codec = message<SubmitJob>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.cluster != null && obj.cluster !== '')) {
          w.uint32(10)
          w.string(obj.cluster)
        }

        if (obj.spec != null) {
          w.uint32(18)
          JobSpec.codec().encode(obj.spec, w)
        }

        if (obj.providers != null && obj.providers.length > 0) {
          for (const value of obj.providers) {
            w.uint32(26)
            w.string(value)
          }
        }

        if ((obj.deadlineMs != null && obj.deadlineMs !== 0n)) {
          w.uint32(32)
          w.uint64(obj.deadlineMs)
        }

        if ((obj.workerWaitMs != null && obj.workerWaitMs !== 0n)) {
          w.uint32(40)
          w.uint64(obj.workerWaitMs)
        }

        if ((obj.maxAttempts != null && obj.maxAttempts !== 0)) {
          w.uint32(48)
          w.uint32(obj.maxAttempts)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          cluster: '',
          providers: [],
          deadlineMs: 0n,
          workerWaitMs: 0n,
          maxAttempts: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.cluster = reader.string()
              break
            }
            case 2: {
              obj.spec = JobSpec.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.spec
              })
              break
            }
            case 3: {
              if (opts.limits?.providers != null && obj.providers.length === opts.limits.providers) {
                throw new MaxLengthError('Decode error - repeated field "providers" had too many elements')
              }

              obj.providers.push(reader.string())
              break
            }
            case 4: {
              obj.deadlineMs = reader.uint64()
              break
            }
            case 5: {
              obj.workerWaitMs = reader.uint64()
              break
            }
            case 6: {
              obj.maxAttempts = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          providers: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.cluster`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield * JobSpec.codec().stream(reader, reader.uint32(), `${prefix}.spec`, {
                limits: opts.limits?.spec
              })

              break
            }
            case 3: {
              if (opts.limits?.providers != null && obj.providers === opts.limits.providers) {
                throw new MaxLengthError('Streaming decode error - repeated field "providers" had too many elements')
              }

              yield {
                field: `${prefix}.providers[]`,
                index: obj.providers,
                value: reader.string()
              }

              obj.providers++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.deadlineMs`,
                value: reader.uint64()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.workerWaitMs`,
                value: reader.uint64()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.maxAttempts`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface SubmitJobClusterFieldEvent {
    field: '$.cluster'
    value: string
  }

  export interface SubmitJobSpecProgramFieldEvent {
    field: '$.spec.program'
    value: string
  }

  export interface SubmitJobSpecProgramNameFieldEvent {
    field: '$.spec.programName'
    value: string
  }

  export interface SubmitJobSpecInputFieldEvent {
    field: '$.spec.input'
    value: string
  }

  export interface SubmitJobSpecReducersFieldEvent {
    field: '$.spec.reducers'
    value: number
  }

  export interface SubmitJobSpecArgsFieldEvent {
    field: '$.spec.args{}'
    key: string
    value: string
  }

  export interface SubmitJobSpecSeparatorFieldEvent {
    field: '$.spec.separator'
    value: string
  }

  export interface SubmitJobSpecSplitBytesFieldEvent {
    field: '$.spec.splitBytes'
    value: bigint
  }

  export interface SubmitJobProvidersFieldEvent {
    field: '$.providers[]'
    index: number
    value: string
  }

  export interface SubmitJobDeadlineMsFieldEvent {
    field: '$.deadlineMs'
    value: bigint
  }

  export interface SubmitJobWorkerWaitMsFieldEvent {
    field: '$.workerWaitMs'
    value: bigint
  }

  export interface SubmitJobMaxAttemptsFieldEvent {
    field: '$.maxAttempts'
    value: number
  }

  export function encode (obj: Partial<SubmitJob>): Uint8Array {
    return encodeMessage(obj, SubmitJob.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SubmitJob>): SubmitJob {
    return decodeMessage(buf, SubmitJob.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SubmitJob>): Generator<SubmitJobClusterFieldEvent | SubmitJobSpecProgramFieldEvent | SubmitJobSpecProgramNameFieldEvent | SubmitJobSpecInputFieldEvent | SubmitJobSpecReducersFieldEvent | SubmitJobSpecArgsFieldEvent | SubmitJobSpecSeparatorFieldEvent | SubmitJobSpecSplitBytesFieldEvent | SubmitJobProvidersFieldEvent | SubmitJobDeadlineMsFieldEvent | SubmitJobWorkerWaitMsFieldEvent | SubmitJobMaxAttemptsFieldEvent> {
    return streamMessage(buf, SubmitJob.codec(), opts)
  }
}

export interface JobAccepted {
  job: string
}

export namespace JobAccepted {
  let _codec: Codec<JobAccepted>

  export const codec = (): Codec<JobAccepted> => {
    if (_codec == null) {
      _codec = message<JobAccepted>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface JobAcceptedJobFieldEvent {
    field: '$.job'
    value: string
  }

  export function encode (obj: Partial<JobAccepted>): Uint8Array {
    return encodeMessage(obj, JobAccepted.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobAccepted>): JobAccepted {
    return decodeMessage(buf, JobAccepted.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobAccepted>): Generator<JobAcceptedJobFieldEvent> {
    return streamMessage(buf, JobAccepted.codec(), opts)
  }
}

export interface CancelJob {
  job: string
  reason: string
}

export namespace CancelJob {
  let _codec: Codec<CancelJob>

  export const codec = (): Codec<CancelJob> => {
    if (_codec == null) {
      _codec = message<CancelJob>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(18)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          reason: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            case 2: {
              obj.reason = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface CancelJobJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface CancelJobReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<CancelJob>): Uint8Array {
    return encodeMessage(obj, CancelJob.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CancelJob>): CancelJob {
    return decodeMessage(buf, CancelJob.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CancelJob>): Generator<CancelJobJobFieldEvent | CancelJobReasonFieldEvent> {
    return streamMessage(buf, CancelJob.codec(), opts)
  }
}

export interface StatusQuery {
  job: string
}

export namespace StatusQuery {
  let _codec: Codec<StatusQuery>

  export const codec = (): Codec<StatusQuery> => {
    if (_codec == null) {
      _codec = message<StatusQuery>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface StatusQueryJobFieldEvent {
    field: '$.job'
    value: string
  }

  export function encode (obj: Partial<StatusQuery>): Uint8Array {
    return encodeMessage(obj, StatusQuery.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StatusQuery>): StatusQuery {
    return decodeMessage(buf, StatusQuery.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StatusQuery>): Generator<StatusQueryJobFieldEvent> {
    return streamMessage(buf, StatusQuery.codec(), opts)
  }
}

export interface Status {
  jobs: JobStatus[]
  workers: WorkerStatus[]
}

export namespace Status {
  let _codec: Codec<Status>

  export const codec = (): Codec<Status> => {
    if (_codec == null) {
      _codec = message<Status>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.jobs != null && obj.jobs.length > 0) {
          for (const value of obj.jobs) {
            w.uint32(10)
            JobStatus.codec().encode(value, w)
          }
        }

        if (obj.workers != null && obj.workers.length > 0) {
          for (const value of obj.workers) {
            w.uint32(18)
            WorkerStatus.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          jobs: [],
          workers: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.jobs != null && obj.jobs.length === opts.limits.jobs) {
                throw new MaxLengthError('Decode error - repeated field "jobs" had too many elements')
              }

              obj.jobs.push(JobStatus.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.jobs$
              }))
              break
            }
            case 2: {
              if (opts.limits?.workers != null && obj.workers.length === opts.limits.workers) {
                throw new MaxLengthError('Decode error - repeated field "workers" had too many elements')
              }

              obj.workers.push(WorkerStatus.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.workers$
              }))
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          jobs: 0,
          workers: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.jobs != null && obj.jobs === opts.limits.jobs) {
                throw new MaxLengthError('Streaming decode error - repeated field "jobs" had too many elements')
              }

              for (const evt of JobStatus.codec().stream(reader, reader.uint32(), `${prefix}.jobs[]`, {
                limits: opts.limits?.jobs$
              })) {
                yield {
                  ...evt,
                  index: obj.jobs
                }
              }

              obj.jobs++

              break
            }
            case 2: {
              if (opts.limits?.workers != null && obj.workers === opts.limits.workers) {
                throw new MaxLengthError('Streaming decode error - repeated field "workers" had too many elements')
              }

              for (const evt of WorkerStatus.codec().stream(reader, reader.uint32(), `${prefix}.workers[]`, {
                limits: opts.limits?.workers$
              })) {
                yield {
                  ...evt,
                  index: obj.workers
                }
              }

              obj.workers++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface StatusJobsJobFieldEvent {
    field: '$.jobs[].job'
    value: string
    index: number
  }

  export interface StatusJobsStateFieldEvent {
    field: '$.jobs[].state'
    value: string
    index: number
  }

  export interface StatusJobsReasonFieldEvent {
    field: '$.jobs[].reason'
    value: string
    index: number
  }

  export interface StatusJobsSpecProgramFieldEvent {
    field: '$.jobs[].spec.program'
    value: string
    index: number
  }

  export interface StatusJobsSpecProgramNameFieldEvent {
    field: '$.jobs[].spec.programName'
    value: string
    index: number
  }

  export interface StatusJobsSpecInputFieldEvent {
    field: '$.jobs[].spec.input'
    value: string
    index: number
  }

  export interface StatusJobsSpecReducersFieldEvent {
    field: '$.jobs[].spec.reducers'
    value: number
    index: number
  }

  export interface StatusJobsSpecArgsFieldEvent {
    field: '$.jobs[].spec.args{}'
    key: string
    value: string
    index: number
  }

  export interface StatusJobsSpecSeparatorFieldEvent {
    field: '$.jobs[].spec.separator'
    value: string
    index: number
  }

  export interface StatusJobsSpecSplitBytesFieldEvent {
    field: '$.jobs[].spec.splitBytes'
    value: bigint
    index: number
  }

  export interface StatusJobsMapsTotalFieldEvent {
    field: '$.jobs[].maps.total'
    value: number
    index: number
  }

  export interface StatusJobsMapsPendingFieldEvent {
    field: '$.jobs[].maps.pending'
    value: number
    index: number
  }

  export interface StatusJobsMapsRunningFieldEvent {
    field: '$.jobs[].maps.running'
    value: number
    index: number
  }

  export interface StatusJobsMapsCommittedFieldEvent {
    field: '$.jobs[].maps.committed'
    value: number
    index: number
  }

  export interface StatusJobsMapsFailedFieldEvent {
    field: '$.jobs[].maps.failed'
    value: number
    index: number
  }

  export interface StatusJobsMapsAttemptsFieldEvent {
    field: '$.jobs[].maps.attempts'
    value: number
    index: number
  }

  export interface StatusJobsMapsFailedAttemptsFieldEvent {
    field: '$.jobs[].maps.failedAttempts'
    value: number
    index: number
  }

  export interface StatusJobsReducesTotalFieldEvent {
    field: '$.jobs[].reduces.total'
    value: number
    index: number
  }

  export interface StatusJobsReducesPendingFieldEvent {
    field: '$.jobs[].reduces.pending'
    value: number
    index: number
  }

  export interface StatusJobsReducesRunningFieldEvent {
    field: '$.jobs[].reduces.running'
    value: number
    index: number
  }

  export interface StatusJobsReducesCommittedFieldEvent {
    field: '$.jobs[].reduces.committed'
    value: number
    index: number
  }

  export interface StatusJobsReducesFailedFieldEvent {
    field: '$.jobs[].reduces.failed'
    value: number
    index: number
  }

  export interface StatusJobsReducesAttemptsFieldEvent {
    field: '$.jobs[].reduces.attempts'
    value: number
    index: number
  }

  export interface StatusJobsReducesFailedAttemptsFieldEvent {
    field: '$.jobs[].reduces.failedAttempts'
    value: number
    index: number
  }

  export interface StatusJobsCountersFieldEvent {
    field: '$.jobs[].counters{}'
    key: string
    value: bigint
    index: number
  }

  export interface StatusJobsResultFieldEvent {
    field: '$.jobs[].result'
    value: string
    index: number
  }

  export interface StatusJobsRecordFieldEvent {
    field: '$.jobs[].record'
    value: string
    index: number
  }

  export interface StatusJobsPhasesNameFieldEvent {
    field: '$.jobs[].phases[].name'
    value: string
    index: number
  }

  export interface StatusJobsPhasesMsFieldEvent {
    field: '$.jobs[].phases[].ms'
    value: bigint
    index: number
  }

  export interface StatusJobsLocalSplitsFieldEvent {
    field: '$.jobs[].localSplits'
    value: number
    index: number
  }

  export interface StatusJobsRemoteSplitsFieldEvent {
    field: '$.jobs[].remoteSplits'
    value: number
    index: number
  }

  export interface StatusJobsFetchedBytesFieldEvent {
    field: '$.jobs[].fetchedBytes'
    value: bigint
    index: number
  }

  export interface StatusJobsWarningsFieldEvent {
    field: '$.jobs[].warnings[]'
    index: number
    value: string
  }

  export interface StatusJobsFailureCodeFieldEvent {
    field: '$.jobs[].failure.code'
    value: Code
    index: number
  }

  export interface StatusJobsFailureMessageFieldEvent {
    field: '$.jobs[].failure.message'
    value: string
    index: number
  }

  export interface StatusJobsFailureStackFieldEvent {
    field: '$.jobs[].failure.stack'
    value: string
    index: number
  }

  export interface StatusJobsFailureCidFieldEvent {
    field: '$.jobs[].failure.cid'
    value: string
    index: number
  }

  export interface StatusJobsInputBytesFieldEvent {
    field: '$.jobs[].inputBytes'
    value: bigint
    index: number
  }

  export interface StatusJobsRecordsFieldEvent {
    field: '$.jobs[].records'
    value: bigint
    index: number
  }

  export interface StatusJobsWaitingFieldEvent {
    field: '$.jobs[].waiting'
    value: string
    index: number
  }

  export interface StatusWorkersPeerFieldEvent {
    field: '$.workers[].peer'
    value: string
    index: number
  }

  export interface StatusWorkersRoleFieldEvent {
    field: '$.workers[].role'
    value: Role
    index: number
  }

  export interface StatusWorkersSlotsFieldEvent {
    field: '$.workers[].slots'
    value: number
    index: number
  }

  export interface StatusWorkersRunningFieldEvent {
    field: '$.workers[].running'
    value: number
    index: number
  }

  export interface StatusWorkersStateFieldEvent {
    field: '$.workers[].state'
    value: string
    index: number
  }

  export interface StatusWorkersAddressesFieldEvent {
    field: '$.workers[].addresses[]'
    index: number
    value: string
  }

  export interface StatusWorkersAttemptsRefJobFieldEvent {
    field: '$.workers[].attempts[].ref.job'
    value: string
    index: number
  }

  export interface StatusWorkersAttemptsRefKindFieldEvent {
    field: '$.workers[].attempts[].ref.kind'
    value: TaskKind
    index: number
  }

  export interface StatusWorkersAttemptsRefTaskFieldEvent {
    field: '$.workers[].attempts[].ref.task'
    value: number
    index: number
  }

  export interface StatusWorkersAttemptsRefAttemptFieldEvent {
    field: '$.workers[].attempts[].ref.attempt'
    value: number
    index: number
  }

  export interface StatusWorkersAttemptsStateFieldEvent {
    field: '$.workers[].attempts[].state'
    value: string
    index: number
  }

  export interface StatusWorkersAttemptsRecordsFieldEvent {
    field: '$.workers[].attempts[].records'
    value: bigint
    index: number
  }

  export function encode (obj: Partial<Status>): Uint8Array {
    return encodeMessage(obj, Status.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Status>): Status {
    return decodeMessage(buf, Status.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Status>): Generator<StatusJobsJobFieldEvent | StatusJobsStateFieldEvent | StatusJobsReasonFieldEvent | StatusJobsSpecProgramFieldEvent | StatusJobsSpecProgramNameFieldEvent | StatusJobsSpecInputFieldEvent | StatusJobsSpecReducersFieldEvent | StatusJobsSpecArgsFieldEvent | StatusJobsSpecSeparatorFieldEvent | StatusJobsSpecSplitBytesFieldEvent | StatusJobsMapsTotalFieldEvent | StatusJobsMapsPendingFieldEvent | StatusJobsMapsRunningFieldEvent | StatusJobsMapsCommittedFieldEvent | StatusJobsMapsFailedFieldEvent | StatusJobsMapsAttemptsFieldEvent | StatusJobsMapsFailedAttemptsFieldEvent | StatusJobsReducesTotalFieldEvent | StatusJobsReducesPendingFieldEvent | StatusJobsReducesRunningFieldEvent | StatusJobsReducesCommittedFieldEvent | StatusJobsReducesFailedFieldEvent | StatusJobsReducesAttemptsFieldEvent | StatusJobsReducesFailedAttemptsFieldEvent | StatusJobsCountersFieldEvent | StatusJobsResultFieldEvent | StatusJobsRecordFieldEvent | StatusJobsPhasesNameFieldEvent | StatusJobsPhasesMsFieldEvent | StatusJobsLocalSplitsFieldEvent | StatusJobsRemoteSplitsFieldEvent | StatusJobsFetchedBytesFieldEvent | StatusJobsWarningsFieldEvent | StatusJobsFailureCodeFieldEvent | StatusJobsFailureMessageFieldEvent | StatusJobsFailureStackFieldEvent | StatusJobsFailureCidFieldEvent | StatusJobsInputBytesFieldEvent | StatusJobsRecordsFieldEvent | StatusJobsWaitingFieldEvent | StatusWorkersPeerFieldEvent | StatusWorkersRoleFieldEvent | StatusWorkersSlotsFieldEvent | StatusWorkersRunningFieldEvent | StatusWorkersStateFieldEvent | StatusWorkersAddressesFieldEvent | StatusWorkersAttemptsRefJobFieldEvent | StatusWorkersAttemptsRefKindFieldEvent | StatusWorkersAttemptsRefTaskFieldEvent | StatusWorkersAttemptsRefAttemptFieldEvent | StatusWorkersAttemptsStateFieldEvent | StatusWorkersAttemptsRecordsFieldEvent> {
    return streamMessage(buf, Status.codec(), opts)
  }
}

export interface TaskCounts {
  total: number
  pending: number
  running: number
  committed: number
  failed: number
  attempts: number
  failedAttempts: number
}

export namespace TaskCounts {
  let _codec: Codec<TaskCounts>

  export const codec = (): Codec<TaskCounts> => {
    if (_codec == null) {
      _codec = message<TaskCounts>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.total != null && obj.total !== 0)) {
          w.uint32(8)
          w.uint32(obj.total)
        }

        if ((obj.pending != null && obj.pending !== 0)) {
          w.uint32(16)
          w.uint32(obj.pending)
        }

        if ((obj.running != null && obj.running !== 0)) {
          w.uint32(24)
          w.uint32(obj.running)
        }

        if ((obj.committed != null && obj.committed !== 0)) {
          w.uint32(32)
          w.uint32(obj.committed)
        }

        if ((obj.failed != null && obj.failed !== 0)) {
          w.uint32(40)
          w.uint32(obj.failed)
        }

        if ((obj.attempts != null && obj.attempts !== 0)) {
          w.uint32(48)
          w.uint32(obj.attempts)
        }

        if ((obj.failedAttempts != null && obj.failedAttempts !== 0)) {
          w.uint32(56)
          w.uint32(obj.failedAttempts)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          total: 0,
          pending: 0,
          running: 0,
          committed: 0,
          failed: 0,
          attempts: 0,
          failedAttempts: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.total = reader.uint32()
              break
            }
            case 2: {
              obj.pending = reader.uint32()
              break
            }
            case 3: {
              obj.running = reader.uint32()
              break
            }
            case 4: {
              obj.committed = reader.uint32()
              break
            }
            case 5: {
              obj.failed = reader.uint32()
              break
            }
            case 6: {
              obj.attempts = reader.uint32()
              break
            }
            case 7: {
              obj.failedAttempts = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.total`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.pending`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.running`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.committed`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.failed`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.attempts`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.failedAttempts`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface TaskCountsTotalFieldEvent {
    field: '$.total'
    value: number
  }

  export interface TaskCountsPendingFieldEvent {
    field: '$.pending'
    value: number
  }

  export interface TaskCountsRunningFieldEvent {
    field: '$.running'
    value: number
  }

  export interface TaskCountsCommittedFieldEvent {
    field: '$.committed'
    value: number
  }

  export interface TaskCountsFailedFieldEvent {
    field: '$.failed'
    value: number
  }

  export interface TaskCountsAttemptsFieldEvent {
    field: '$.attempts'
    value: number
  }

  export interface TaskCountsFailedAttemptsFieldEvent {
    field: '$.failedAttempts'
    value: number
  }

  export function encode (obj: Partial<TaskCounts>): Uint8Array {
    return encodeMessage(obj, TaskCounts.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TaskCounts>): TaskCounts {
    return decodeMessage(buf, TaskCounts.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TaskCounts>): Generator<TaskCountsTotalFieldEvent | TaskCountsPendingFieldEvent | TaskCountsRunningFieldEvent | TaskCountsCommittedFieldEvent | TaskCountsFailedFieldEvent | TaskCountsAttemptsFieldEvent | TaskCountsFailedAttemptsFieldEvent> {
    return streamMessage(buf, TaskCounts.codec(), opts)
  }
}

export interface JobStatus {
  job: string
  state: string
  reason: string
  spec?: JobSpec
  maps?: TaskCounts
  reduces?: TaskCounts
  counters: Map<string, bigint>
  result: string
  record: string
  phases: Phase[]
  localSplits: number
  remoteSplits: number
  fetchedBytes: bigint
  warnings: string[]
  failure?: Failure
  inputBytes: bigint
  records: bigint
  waiting: string
}

export namespace JobStatus {
  export interface JobStatus$countersEntry {
    key: string
    value: bigint
  }

  export namespace JobStatus$countersEntry {
    let _codec: Codec<JobStatus$countersEntry>

    export const codec = (): Codec<JobStatus$countersEntry> => {
      if (_codec == null) {
        _codec = message<JobStatus$countersEntry>((obj, w, opts = {}) => {
          if (opts.lengthDelimited !== false) {
            w.fork()
          }

          if ((obj.key != null && obj.key !== '')) {
            w.uint32(10)
            w.string(obj.key)
          }

          if ((obj.value != null && obj.value !== 0n)) {
            w.uint32(16)
            w.uint64(obj.value)
          }

          if (opts.lengthDelimited !== false) {
            w.ldelim()
          }
        }, (reader, length, opts = {}) => {
          const obj: any = {
            key: '',
            value: 0n
          }

          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                obj.key = reader.string()
                break
              }
              case 2: {
                obj.value = reader.uint64()
                break
              }
              default: {
                reader.skipType(tag & 7)
                break
              }
            }
          }

          return obj
        }, function * (reader, length, prefix, opts = {}) {
          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                yield {
                  field: `${prefix}.key`,
                  value: reader.string()
                }
                break
              }
              case 2: {
                yield {
                  field: `${prefix}.value`,
                  value: reader.uint64()
                }
                break
              }
              default: {
                reader.skipType(tag & 7)
                break
              }
            }
          }
        })
      }

      return _codec
    }

    export interface JobStatus$countersEntryKeyFieldEvent {
      field: '$.key'
      value: string
    }

    export interface JobStatus$countersEntryValueFieldEvent {
      field: '$.value'
      value: bigint
    }

    export function encode (obj: Partial<JobStatus$countersEntry>): Uint8Array {
      return encodeMessage(obj, JobStatus$countersEntry.codec())
    }

    export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobStatus$countersEntry>): JobStatus$countersEntry {
      return decodeMessage(buf, JobStatus$countersEntry.codec(), opts)
    }

    export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobStatus$countersEntry>): Generator<JobStatus$countersEntryKeyFieldEvent | JobStatus$countersEntryValueFieldEvent> {
      return streamMessage(buf, JobStatus$countersEntry.codec(), opts)
    }
  }

  let _codec: Codec<JobStatus>

  export const codec = (): Codec<JobStatus> => {
    if (_codec == null) {
      _codec = message<JobStatus>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if ((obj.state != null && obj.state !== '')) {
          w.uint32(18)
          w.string(obj.state)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(26)
          w.string(obj.reason)
        }

        if (obj.spec != null) {
          w.uint32(34)
          JobSpec.codec().encode(obj.spec, w)
        }

        if (obj.maps != null) {
          w.uint32(42)
          TaskCounts.codec().encode(obj.maps, w)
        }

        if (obj.reduces != null) {
          w.uint32(50)
          TaskCounts.codec().encode(obj.reduces, w)
        }

        if (obj.counters != null && obj.counters.size > 0) {
          for (const [key, value] of obj.counters.entries()) {
            w.uint32(58)
            JobStatus.JobStatus$countersEntry.codec().encode({ key, value }, w)
          }
        }

        if ((obj.result != null && obj.result !== '')) {
          w.uint32(66)
          w.string(obj.result)
        }

        if ((obj.record != null && obj.record !== '')) {
          w.uint32(74)
          w.string(obj.record)
        }

        if (obj.phases != null && obj.phases.length > 0) {
          for (const value of obj.phases) {
            w.uint32(82)
            Phase.codec().encode(value, w)
          }
        }

        if ((obj.localSplits != null && obj.localSplits !== 0)) {
          w.uint32(88)
          w.uint32(obj.localSplits)
        }

        if ((obj.remoteSplits != null && obj.remoteSplits !== 0)) {
          w.uint32(96)
          w.uint32(obj.remoteSplits)
        }

        if ((obj.fetchedBytes != null && obj.fetchedBytes !== 0n)) {
          w.uint32(104)
          w.uint64(obj.fetchedBytes)
        }

        if (obj.warnings != null && obj.warnings.length > 0) {
          for (const value of obj.warnings) {
            w.uint32(114)
            w.string(value)
          }
        }

        if (obj.failure != null) {
          w.uint32(122)
          Failure.codec().encode(obj.failure, w)
        }

        if ((obj.inputBytes != null && obj.inputBytes !== 0n)) {
          w.uint32(128)
          w.uint64(obj.inputBytes)
        }

        if ((obj.records != null && obj.records !== 0n)) {
          w.uint32(136)
          w.uint64(obj.records)
        }

        if ((obj.waiting != null && obj.waiting !== '')) {
          w.uint32(146)
          w.string(obj.waiting)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          state: '',
          reason: '',
          counters: new Map<string, bigint>(),
          result: '',
          record: '',
          phases: [],
          localSplits: 0,
          remoteSplits: 0,
          fetchedBytes: 0n,
          warnings: [],
          inputBytes: 0n,
          records: 0n,
          waiting: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            case 2: {
              obj.state = reader.string()
              break
            }
            case 3: {
              obj.reason = reader.string()
              break
            }
            case 4: {
              obj.spec = JobSpec.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.spec
              })
              break
            }
            case 5: {
              obj.maps = TaskCounts.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.maps
              })
              break
            }
            case 6: {
              obj.reduces = TaskCounts.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.reduces
              })
              break
            }
            case 7: {
              if (opts.limits?.counters != null && obj.counters.size === opts.limits.counters) {
                throw new MaxSizeError('Decode error - map field "counters" had too many elements')
              }

              const entry = JobStatus.JobStatus$countersEntry.codec().decode(reader, reader.uint32(), {
                limits: {
                  value: opts.limits?.counters$value
                }
              })
              obj.counters.set(entry.key, entry.value)
              break
            }
            case 8: {
              obj.result = reader.string()
              break
            }
            case 9: {
              obj.record = reader.string()
              break
            }
            case 10: {
              if (opts.limits?.phases != null && obj.phases.length === opts.limits.phases) {
                throw new MaxLengthError('Decode error - repeated field "phases" had too many elements')
              }

              obj.phases.push(Phase.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.phases$
              }))
              break
            }
            case 11: {
              obj.localSplits = reader.uint32()
              break
            }
            case 12: {
              obj.remoteSplits = reader.uint32()
              break
            }
            case 13: {
              obj.fetchedBytes = reader.uint64()
              break
            }
            case 14: {
              if (opts.limits?.warnings != null && obj.warnings.length === opts.limits.warnings) {
                throw new MaxLengthError('Decode error - repeated field "warnings" had too many elements')
              }

              obj.warnings.push(reader.string())
              break
            }
            case 15: {
              obj.failure = Failure.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.failure
              })
              break
            }
            case 16: {
              obj.inputBytes = reader.uint64()
              break
            }
            case 17: {
              obj.records = reader.uint64()
              break
            }
            case 18: {
              obj.waiting = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          counters: 0,
          phases: 0,
          warnings: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.state`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield * JobSpec.codec().stream(reader, reader.uint32(), `${prefix}.spec`, {
                limits: opts.limits?.spec
              })

              break
            }
            case 5: {
              yield * TaskCounts.codec().stream(reader, reader.uint32(), `${prefix}.maps`, {
                limits: opts.limits?.maps
              })

              break
            }
            case 6: {
              yield * TaskCounts.codec().stream(reader, reader.uint32(), `${prefix}.reduces`, {
                limits: opts.limits?.reduces
              })

              break
            }
            case 7: {
              if (opts.limits?.counters != null && obj.counters === opts.limits.counters) {
                throw new MaxLengthError('Decode error - map field "counters" had too many elements')
              }

              yield * JobStatus.JobStatus$countersEntry.codec().stream(reader, reader.uint32(), `${prefix}.counters{}`, {
                limits: {
                  value: opts.limits?.counters$value
                }
              })

              obj.counters++

              break
            }
            case 8: {
              yield {
                field: `${prefix}.result`,
                value: reader.string()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.record`,
                value: reader.string()
              }
              break
            }
            case 10: {
              if (opts.limits?.phases != null && obj.phases === opts.limits.phases) {
                throw new MaxLengthError('Streaming decode error - repeated field "phases" had too many elements')
              }

              for (const evt of Phase.codec().stream(reader, reader.uint32(), `${prefix}.phases[]`, {
                limits: opts.limits?.phases$
              })) {
                yield {
                  ...evt,
                  index: obj.phases
                }
              }

              obj.phases++

              break
            }
            case 11: {
              yield {
                field: `${prefix}.localSplits`,
                value: reader.uint32()
              }
              break
            }
            case 12: {
              yield {
                field: `${prefix}.remoteSplits`,
                value: reader.uint32()
              }
              break
            }
            case 13: {
              yield {
                field: `${prefix}.fetchedBytes`,
                value: reader.uint64()
              }
              break
            }
            case 14: {
              if (opts.limits?.warnings != null && obj.warnings === opts.limits.warnings) {
                throw new MaxLengthError('Streaming decode error - repeated field "warnings" had too many elements')
              }

              yield {
                field: `${prefix}.warnings[]`,
                index: obj.warnings,
                value: reader.string()
              }

              obj.warnings++

              break
            }
            case 15: {
              yield * Failure.codec().stream(reader, reader.uint32(), `${prefix}.failure`, {
                limits: opts.limits?.failure
              })

              break
            }
            case 16: {
              yield {
                field: `${prefix}.inputBytes`,
                value: reader.uint64()
              }
              break
            }
            case 17: {
              yield {
                field: `${prefix}.records`,
                value: reader.uint64()
              }
              break
            }
            case 18: {
              yield {
                field: `${prefix}.waiting`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface JobStatusJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface JobStatusStateFieldEvent {
    field: '$.state'
    value: string
  }

  export interface JobStatusReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export interface JobStatusSpecProgramFieldEvent {
    field: '$.spec.program'
    value: string
  }

  export interface JobStatusSpecProgramNameFieldEvent {
    field: '$.spec.programName'
    value: string
  }

  export interface JobStatusSpecInputFieldEvent {
    field: '$.spec.input'
    value: string
  }

  export interface JobStatusSpecReducersFieldEvent {
    field: '$.spec.reducers'
    value: number
  }

  export interface JobStatusSpecArgsFieldEvent {
    field: '$.spec.args{}'
    key: string
    value: string
  }

  export interface JobStatusSpecSeparatorFieldEvent {
    field: '$.spec.separator'
    value: string
  }

  export interface JobStatusSpecSplitBytesFieldEvent {
    field: '$.spec.splitBytes'
    value: bigint
  }

  export interface JobStatusMapsTotalFieldEvent {
    field: '$.maps.total'
    value: number
  }

  export interface JobStatusMapsPendingFieldEvent {
    field: '$.maps.pending'
    value: number
  }

  export interface JobStatusMapsRunningFieldEvent {
    field: '$.maps.running'
    value: number
  }

  export interface JobStatusMapsCommittedFieldEvent {
    field: '$.maps.committed'
    value: number
  }

  export interface JobStatusMapsFailedFieldEvent {
    field: '$.maps.failed'
    value: number
  }

  export interface JobStatusMapsAttemptsFieldEvent {
    field: '$.maps.attempts'
    value: number
  }

  export interface JobStatusMapsFailedAttemptsFieldEvent {
    field: '$.maps.failedAttempts'
    value: number
  }

  export interface JobStatusReducesTotalFieldEvent {
    field: '$.reduces.total'
    value: number
  }

  export interface JobStatusReducesPendingFieldEvent {
    field: '$.reduces.pending'
    value: number
  }

  export interface JobStatusReducesRunningFieldEvent {
    field: '$.reduces.running'
    value: number
  }

  export interface JobStatusReducesCommittedFieldEvent {
    field: '$.reduces.committed'
    value: number
  }

  export interface JobStatusReducesFailedFieldEvent {
    field: '$.reduces.failed'
    value: number
  }

  export interface JobStatusReducesAttemptsFieldEvent {
    field: '$.reduces.attempts'
    value: number
  }

  export interface JobStatusReducesFailedAttemptsFieldEvent {
    field: '$.reduces.failedAttempts'
    value: number
  }

  export interface JobStatusCountersFieldEvent {
    field: '$.counters{}'
    key: string
    value: bigint
  }

  export interface JobStatusResultFieldEvent {
    field: '$.result'
    value: string
  }

  export interface JobStatusRecordFieldEvent {
    field: '$.record'
    value: string
  }

  export interface JobStatusPhasesNameFieldEvent {
    field: '$.phases[].name'
    value: string
    index: number
  }

  export interface JobStatusPhasesMsFieldEvent {
    field: '$.phases[].ms'
    value: bigint
    index: number
  }

  export interface JobStatusLocalSplitsFieldEvent {
    field: '$.localSplits'
    value: number
  }

  export interface JobStatusRemoteSplitsFieldEvent {
    field: '$.remoteSplits'
    value: number
  }

  export interface JobStatusFetchedBytesFieldEvent {
    field: '$.fetchedBytes'
    value: bigint
  }

  export interface JobStatusWarningsFieldEvent {
    field: '$.warnings[]'
    index: number
    value: string
  }

  export interface JobStatusFailureCodeFieldEvent {
    field: '$.failure.code'
    value: Code
  }

  export interface JobStatusFailureMessageFieldEvent {
    field: '$.failure.message'
    value: string
  }

  export interface JobStatusFailureStackFieldEvent {
    field: '$.failure.stack'
    value: string
  }

  export interface JobStatusFailureCidFieldEvent {
    field: '$.failure.cid'
    value: string
  }

  export interface JobStatusInputBytesFieldEvent {
    field: '$.inputBytes'
    value: bigint
  }

  export interface JobStatusRecordsFieldEvent {
    field: '$.records'
    value: bigint
  }

  export interface JobStatusWaitingFieldEvent {
    field: '$.waiting'
    value: string
  }

  export function encode (obj: Partial<JobStatus>): Uint8Array {
    return encodeMessage(obj, JobStatus.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobStatus>): JobStatus {
    return decodeMessage(buf, JobStatus.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobStatus>): Generator<JobStatusJobFieldEvent | JobStatusStateFieldEvent | JobStatusReasonFieldEvent | JobStatusSpecProgramFieldEvent | JobStatusSpecProgramNameFieldEvent | JobStatusSpecInputFieldEvent | JobStatusSpecReducersFieldEvent | JobStatusSpecArgsFieldEvent | JobStatusSpecSeparatorFieldEvent | JobStatusSpecSplitBytesFieldEvent | JobStatusMapsTotalFieldEvent | JobStatusMapsPendingFieldEvent | JobStatusMapsRunningFieldEvent | JobStatusMapsCommittedFieldEvent | JobStatusMapsFailedFieldEvent | JobStatusMapsAttemptsFieldEvent | JobStatusMapsFailedAttemptsFieldEvent | JobStatusReducesTotalFieldEvent | JobStatusReducesPendingFieldEvent | JobStatusReducesRunningFieldEvent | JobStatusReducesCommittedFieldEvent | JobStatusReducesFailedFieldEvent | JobStatusReducesAttemptsFieldEvent | JobStatusReducesFailedAttemptsFieldEvent | JobStatusCountersFieldEvent | JobStatusResultFieldEvent | JobStatusRecordFieldEvent | JobStatusPhasesNameFieldEvent | JobStatusPhasesMsFieldEvent | JobStatusLocalSplitsFieldEvent | JobStatusRemoteSplitsFieldEvent | JobStatusFetchedBytesFieldEvent | JobStatusWarningsFieldEvent | JobStatusFailureCodeFieldEvent | JobStatusFailureMessageFieldEvent | JobStatusFailureStackFieldEvent | JobStatusFailureCidFieldEvent | JobStatusInputBytesFieldEvent | JobStatusRecordsFieldEvent | JobStatusWaitingFieldEvent> {
    return streamMessage(buf, JobStatus.codec(), opts)
  }
}

export interface Phase {
  name: string
  ms: bigint
}

export namespace Phase {
  let _codec: Codec<Phase>

  export const codec = (): Codec<Phase> => {
    if (_codec == null) {
      _codec = message<Phase>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(10)
          w.string(obj.name)
        }

        if ((obj.ms != null && obj.ms !== 0n)) {
          w.uint32(16)
          w.uint64(obj.ms)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          name: '',
          ms: 0n
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.name = reader.string()
              break
            }
            case 2: {
              obj.ms = reader.uint64()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.ms`,
                value: reader.uint64()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface PhaseNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface PhaseMsFieldEvent {
    field: '$.ms'
    value: bigint
  }

  export function encode (obj: Partial<Phase>): Uint8Array {
    return encodeMessage(obj, Phase.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Phase>): Phase {
    return decodeMessage(buf, Phase.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Phase>): Generator<PhaseNameFieldEvent | PhaseMsFieldEvent> {
    return streamMessage(buf, Phase.codec(), opts)
  }
}

export interface WorkerStatus {
  peer: string
  role: Role
  slots: number
  running: number
  state: string
  addresses: string[]
  attempts: AttemptProgress[]
}

export namespace WorkerStatus {
  let _codec: Codec<WorkerStatus>

  export const codec = (): Codec<WorkerStatus> => {
    if (_codec == null) {
      _codec = message<WorkerStatus>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if (obj.role != null && __RoleValues[obj.role] !== 0) {
          w.uint32(16)
          Role.codec().encode(obj.role, w)
        }

        if ((obj.slots != null && obj.slots !== 0)) {
          w.uint32(24)
          w.uint32(obj.slots)
        }

        if ((obj.running != null && obj.running !== 0)) {
          w.uint32(32)
          w.uint32(obj.running)
        }

        if ((obj.state != null && obj.state !== '')) {
          w.uint32(42)
          w.string(obj.state)
        }

        if (obj.addresses != null && obj.addresses.length > 0) {
          for (const value of obj.addresses) {
            w.uint32(50)
            w.string(value)
          }
        }

        if (obj.attempts != null && obj.attempts.length > 0) {
          for (const value of obj.attempts) {
            w.uint32(58)
            AttemptProgress.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          role: Role.MASTER,
          slots: 0,
          running: 0,
          state: '',
          addresses: [],
          attempts: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.peer = reader.string()
              break
            }
            case 2: {
              obj.role = Role.codec().decode(reader)
              break
            }
            case 3: {
              obj.slots = reader.uint32()
              break
            }
            case 4: {
              obj.running = reader.uint32()
              break
            }
            case 5: {
              obj.state = reader.string()
              break
            }
            case 6: {
              if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              obj.addresses.push(reader.string())
              break
            }
            case 7: {
              if (opts.limits?.attempts != null && obj.attempts.length === opts.limits.attempts) {
                throw new MaxLengthError('Decode error - repeated field "attempts" had too many elements')
              }

              obj.attempts.push(AttemptProgress.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.attempts$
              }))
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          addresses: 0,
          attempts: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.role`,
                value: Role.codec().decode(reader)
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.slots`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.running`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.state`,
                value: reader.string()
              }
              break
            }
            case 6: {
              if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements')
              }

              yield {
                field: `${prefix}.addresses[]`,
                index: obj.addresses,
                value: reader.string()
              }

              obj.addresses++

              break
            }
            case 7: {
              if (opts.limits?.attempts != null && obj.attempts === opts.limits.attempts) {
                throw new MaxLengthError('Streaming decode error - repeated field "attempts" had too many elements')
              }

              for (const evt of AttemptProgress.codec().stream(reader, reader.uint32(), `${prefix}.attempts[]`, {
                limits: opts.limits?.attempts$
              })) {
                yield {
                  ...evt,
                  index: obj.attempts
                }
              }

              obj.attempts++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface WorkerStatusPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface WorkerStatusRoleFieldEvent {
    field: '$.role'
    value: Role
  }

  export interface WorkerStatusSlotsFieldEvent {
    field: '$.slots'
    value: number
  }

  export interface WorkerStatusRunningFieldEvent {
    field: '$.running'
    value: number
  }

  export interface WorkerStatusStateFieldEvent {
    field: '$.state'
    value: string
  }

  export interface WorkerStatusAddressesFieldEvent {
    field: '$.addresses[]'
    index: number
    value: string
  }

  export interface WorkerStatusAttemptsRefJobFieldEvent {
    field: '$.attempts[].ref.job'
    value: string
    index: number
  }

  export interface WorkerStatusAttemptsRefKindFieldEvent {
    field: '$.attempts[].ref.kind'
    value: TaskKind
    index: number
  }

  export interface WorkerStatusAttemptsRefTaskFieldEvent {
    field: '$.attempts[].ref.task'
    value: number
    index: number
  }

  export interface WorkerStatusAttemptsRefAttemptFieldEvent {
    field: '$.attempts[].ref.attempt'
    value: number
    index: number
  }

  export interface WorkerStatusAttemptsStateFieldEvent {
    field: '$.attempts[].state'
    value: string
    index: number
  }

  export interface WorkerStatusAttemptsRecordsFieldEvent {
    field: '$.attempts[].records'
    value: bigint
    index: number
  }

  export function encode (obj: Partial<WorkerStatus>): Uint8Array {
    return encodeMessage(obj, WorkerStatus.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WorkerStatus>): WorkerStatus {
    return decodeMessage(buf, WorkerStatus.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WorkerStatus>): Generator<WorkerStatusPeerFieldEvent | WorkerStatusRoleFieldEvent | WorkerStatusSlotsFieldEvent | WorkerStatusRunningFieldEvent | WorkerStatusStateFieldEvent | WorkerStatusAddressesFieldEvent | WorkerStatusAttemptsRefJobFieldEvent | WorkerStatusAttemptsRefKindFieldEvent | WorkerStatusAttemptsRefTaskFieldEvent | WorkerStatusAttemptsRefAttemptFieldEvent | WorkerStatusAttemptsStateFieldEvent | WorkerStatusAttemptsRecordsFieldEvent> {
    return streamMessage(buf, WorkerStatus.codec(), opts)
  }
}

export interface Message {
  ack?: Ack
  refusal?: Refusal
  join?: Join
  welcome?: Welcome
  leave?: Leave
  attemptAssigned?: AttemptAssigned
  runsCommitted?: RunsCommitted
  attemptAborted?: AttemptAborted
  jobEnded?: JobEnded
  blocksQuery?: BlocksQuery
  blocksHeld?: BlocksHeld
  attemptCompleted?: AttemptCompleted
  attemptFailed?: AttemptFailed
  runLost?: RunLost
  submitJob?: SubmitJob
  jobAccepted?: JobAccepted
  cancelJob?: CancelJob
  statusQuery?: StatusQuery
  status?: Status
}

export namespace Message {
  let _codec: Codec<Message>

  export const codec = (): Codec<Message> => {
    if (_codec == null) {
      _codec = message<Message>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.status != null) {
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.statusQuery != null) {
          obj.status = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.cancelJob != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.jobAccepted != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.submitJob != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.runLost != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.attemptFailed != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.attemptCompleted != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.blocksHeld != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.blocksQuery != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.jobEnded != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.attemptAborted != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.runsCommitted != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.attemptAssigned != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.leave != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.welcome != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.join = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.join != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.refusal = undefined
          obj.ack = undefined
        }

        if (obj.refusal != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.ack = undefined
        }

        if (obj.ack != null) {
          obj.status = undefined
          obj.statusQuery = undefined
          obj.cancelJob = undefined
          obj.jobAccepted = undefined
          obj.submitJob = undefined
          obj.runLost = undefined
          obj.attemptFailed = undefined
          obj.attemptCompleted = undefined
          obj.blocksHeld = undefined
          obj.blocksQuery = undefined
          obj.jobEnded = undefined
          obj.attemptAborted = undefined
          obj.runsCommitted = undefined
          obj.attemptAssigned = undefined
          obj.leave = undefined
          obj.welcome = undefined
          obj.join = undefined
          obj.refusal = undefined
        }

        if (obj.ack != null) {
          w.uint32(10)
          Ack.codec().encode(obj.ack, w)
        }

        if (obj.refusal != null) {
          w.uint32(18)
          Refusal.codec().encode(obj.refusal, w)
        }

        if (obj.join != null) {
          w.uint32(26)
          Join.codec().encode(obj.join, w)
        }

        if (obj.welcome != null) {
          w.uint32(34)
          Welcome.codec().encode(obj.welcome, w)
        }

        if (obj.leave != null) {
          w.uint32(42)
          Leave.codec().encode(obj.leave, w)
        }

        if (obj.attemptAssigned != null) {
          w.uint32(50)
          AttemptAssigned.codec().encode(obj.attemptAssigned, w)
        }

        if (obj.runsCommitted != null) {
          w.uint32(58)
          RunsCommitted.codec().encode(obj.runsCommitted, w)
        }

        if (obj.attemptAborted != null) {
          w.uint32(66)
          AttemptAborted.codec().encode(obj.attemptAborted, w)
        }

        if (obj.jobEnded != null) {
          w.uint32(74)
          JobEnded.codec().encode(obj.jobEnded, w)
        }

        if (obj.blocksQuery != null) {
          w.uint32(82)
          BlocksQuery.codec().encode(obj.blocksQuery, w)
        }

        if (obj.blocksHeld != null) {
          w.uint32(90)
          BlocksHeld.codec().encode(obj.blocksHeld, w)
        }

        if (obj.attemptCompleted != null) {
          w.uint32(98)
          AttemptCompleted.codec().encode(obj.attemptCompleted, w)
        }

        if (obj.attemptFailed != null) {
          w.uint32(106)
          AttemptFailed.codec().encode(obj.attemptFailed, w)
        }

        if (obj.runLost != null) {
          w.uint32(114)
          RunLost.codec().encode(obj.runLost, w)
        }

        if (obj.submitJob != null) {
          w.uint32(122)
          SubmitJob.codec().encode(obj.submitJob, w)
        }

        if (obj.jobAccepted != null) {
          w.uint32(130)
          JobAccepted.codec().encode(obj.jobAccepted, w)
        }

        if (obj.cancelJob != null) {
          w.uint32(138)
          CancelJob.codec().encode(obj.cancelJob, w)
        }

        if (obj.statusQuery != null) {
          w.uint32(146)
          StatusQuery.codec().encode(obj.statusQuery, w)
        }

        if (obj.status != null) {
          w.uint32(154)
          Status.codec().encode(obj.status, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.ack = Ack.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.ack
              })
              break
            }
            case 2: {
              obj.refusal = Refusal.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.refusal
              })
              break
            }
            case 3: {
              obj.join = Join.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.join
              })
              break
            }
            case 4: {
              obj.welcome = Welcome.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.welcome
              })
              break
            }
            case 5: {
              obj.leave = Leave.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.leave
              })
              break
            }
            case 6: {
              obj.attemptAssigned = AttemptAssigned.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.attemptAssigned
              })
              break
            }
            case 7: {
              obj.runsCommitted = RunsCommitted.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.runsCommitted
              })
              break
            }
            case 8: {
              obj.attemptAborted = AttemptAborted.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.attemptAborted
              })
              break
            }
            case 9: {
              obj.jobEnded = JobEnded.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.jobEnded
              })
              break
            }
            case 10: {
              obj.blocksQuery = BlocksQuery.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blocksQuery
              })
              break
            }
            case 11: {
              obj.blocksHeld = BlocksHeld.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blocksHeld
              })
              break
            }
            case 12: {
              obj.attemptCompleted = AttemptCompleted.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.attemptCompleted
              })
              break
            }
            case 13: {
              obj.attemptFailed = AttemptFailed.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.attemptFailed
              })
              break
            }
            case 14: {
              obj.runLost = RunLost.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.runLost
              })
              break
            }
            case 15: {
              obj.submitJob = SubmitJob.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.submitJob
              })
              break
            }
            case 16: {
              obj.jobAccepted = JobAccepted.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.jobAccepted
              })
              break
            }
            case 17: {
              obj.cancelJob = CancelJob.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.cancelJob
              })
              break
            }
            case 18: {
              obj.statusQuery = StatusQuery.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.statusQuery
              })
              break
            }
            case 19: {
              obj.status = Status.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.status
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.status != null) {
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.statusQuery != null) {
          delete obj.status
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.cancelJob != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.jobAccepted != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.submitJob != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.runLost != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.attemptFailed != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.attemptCompleted != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.blocksHeld != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.blocksQuery != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.jobEnded != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.attemptAborted != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.runsCommitted != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.attemptAssigned != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.leave != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.welcome
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.welcome != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.join
          delete obj.refusal
          delete obj.ack
        }

        if (obj.join != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.refusal
          delete obj.ack
        }

        if (obj.refusal != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.ack
        }

        if (obj.ack != null) {
          delete obj.status
          delete obj.statusQuery
          delete obj.cancelJob
          delete obj.jobAccepted
          delete obj.submitJob
          delete obj.runLost
          delete obj.attemptFailed
          delete obj.attemptCompleted
          delete obj.blocksHeld
          delete obj.blocksQuery
          delete obj.jobEnded
          delete obj.attemptAborted
          delete obj.runsCommitted
          delete obj.attemptAssigned
          delete obj.leave
          delete obj.welcome
          delete obj.join
          delete obj.refusal
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Ack.codec().stream(reader, reader.uint32(), `${prefix}.ack`, {
                limits: opts.limits?.ack
              })

              break
            }
            case 2: {
              yield * Refusal.codec().stream(reader, reader.uint32(), `${prefix}.refusal`, {
                limits: opts.limits?.refusal
              })

              break
            }
            case 3: {
              yield * Join.codec().stream(reader, reader.uint32(), `${prefix}.join`, {
                limits: opts.limits?.join
              })

              break
            }
            case 4: {
              yield * Welcome.codec().stream(reader, reader.uint32(), `${prefix}.welcome`, {
                limits: opts.limits?.welcome
              })

              break
            }
            case 5: {
              yield * Leave.codec().stream(reader, reader.uint32(), `${prefix}.leave`, {
                limits: opts.limits?.leave
              })

              break
            }
            case 6: {
              yield * AttemptAssigned.codec().stream(reader, reader.uint32(), `${prefix}.attemptAssigned`, {
                limits: opts.limits?.attemptAssigned
              })

              break
            }
            case 7: {
              yield * RunsCommitted.codec().stream(reader, reader.uint32(), `${prefix}.runsCommitted`, {
                limits: opts.limits?.runsCommitted
              })

              break
            }
            case 8: {
              yield * AttemptAborted.codec().stream(reader, reader.uint32(), `${prefix}.attemptAborted`, {
                limits: opts.limits?.attemptAborted
              })

              break
            }
            case 9: {
              yield * JobEnded.codec().stream(reader, reader.uint32(), `${prefix}.jobEnded`, {
                limits: opts.limits?.jobEnded
              })

              break
            }
            case 10: {
              yield * BlocksQuery.codec().stream(reader, reader.uint32(), `${prefix}.blocksQuery`, {
                limits: opts.limits?.blocksQuery
              })

              break
            }
            case 11: {
              yield * BlocksHeld.codec().stream(reader, reader.uint32(), `${prefix}.blocksHeld`, {
                limits: opts.limits?.blocksHeld
              })

              break
            }
            case 12: {
              yield * AttemptCompleted.codec().stream(reader, reader.uint32(), `${prefix}.attemptCompleted`, {
                limits: opts.limits?.attemptCompleted
              })

              break
            }
            case 13: {
              yield * AttemptFailed.codec().stream(reader, reader.uint32(), `${prefix}.attemptFailed`, {
                limits: opts.limits?.attemptFailed
              })

              break
            }
            case 14: {
              yield * RunLost.codec().stream(reader, reader.uint32(), `${prefix}.runLost`, {
                limits: opts.limits?.runLost
              })

              break
            }
            case 15: {
              yield * SubmitJob.codec().stream(reader, reader.uint32(), `${prefix}.submitJob`, {
                limits: opts.limits?.submitJob
              })

              break
            }
            case 16: {
              yield * JobAccepted.codec().stream(reader, reader.uint32(), `${prefix}.jobAccepted`, {
                limits: opts.limits?.jobAccepted
              })

              break
            }
            case 17: {
              yield * CancelJob.codec().stream(reader, reader.uint32(), `${prefix}.cancelJob`, {
                limits: opts.limits?.cancelJob
              })

              break
            }
            case 18: {
              yield * StatusQuery.codec().stream(reader, reader.uint32(), `${prefix}.statusQuery`, {
                limits: opts.limits?.statusQuery
              })

              break
            }
            case 19: {
              yield * Status.codec().stream(reader, reader.uint32(), `${prefix}.status`, {
                limits: opts.limits?.status
              })

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface MessageRefusalCodeFieldEvent {
    field: '$.refusal.code'
    value: Code
  }

  export interface MessageRefusalMessageFieldEvent {
    field: '$.refusal.message'
    value: string
  }

  export interface MessageJoinClusterFieldEvent {
    field: '$.join.cluster'
    value: string
  }

  export interface MessageJoinRoleFieldEvent {
    field: '$.join.role'
    value: Role
  }

  export interface MessageJoinSlotsFieldEvent {
    field: '$.join.slots'
    value: number
  }

  export interface MessageJoinAddressesFieldEvent {
    field: '$.join.addresses[]'
    index: number
    value: string
  }

  export interface MessageJoinRunningRefJobFieldEvent {
    field: '$.join.running[].ref.job'
    value: string
    index: number
  }

  export interface MessageJoinRunningRefKindFieldEvent {
    field: '$.join.running[].ref.kind'
    value: TaskKind
    index: number
  }

  export interface MessageJoinRunningRefTaskFieldEvent {
    field: '$.join.running[].ref.task'
    value: number
    index: number
  }

  export interface MessageJoinRunningRefAttemptFieldEvent {
    field: '$.join.running[].ref.attempt'
    value: number
    index: number
  }

  export interface MessageJoinRunningStateFieldEvent {
    field: '$.join.running[].state'
    value: string
    index: number
  }

  export interface MessageJoinRunningRecordsFieldEvent {
    field: '$.join.running[].records'
    value: bigint
    index: number
  }

  export interface MessageJoinDrainingFieldEvent {
    field: '$.join.draining'
    value: boolean
  }

  export interface MessageWelcomeMasterFieldEvent {
    field: '$.welcome.master'
    value: string
  }

  export interface MessageWelcomeHeartbeatMsFieldEvent {
    field: '$.welcome.heartbeatMs'
    value: bigint
  }

  export interface MessageWelcomeLeaseMsFieldEvent {
    field: '$.welcome.leaseMs'
    value: bigint
  }

  export interface MessageLeaveReasonFieldEvent {
    field: '$.leave.reason'
    value: string
  }

  export interface MessageAttemptAssignedRefJobFieldEvent {
    field: '$.attemptAssigned.ref.job'
    value: string
  }

  export interface MessageAttemptAssignedRefKindFieldEvent {
    field: '$.attemptAssigned.ref.kind'
    value: TaskKind
  }

  export interface MessageAttemptAssignedRefTaskFieldEvent {
    field: '$.attemptAssigned.ref.task'
    value: number
  }

  export interface MessageAttemptAssignedRefAttemptFieldEvent {
    field: '$.attemptAssigned.ref.attempt'
    value: number
  }

  export interface MessageAttemptAssignedClusterFieldEvent {
    field: '$.attemptAssigned.cluster'
    value: string
  }

  export interface MessageAttemptAssignedProgramFieldEvent {
    field: '$.attemptAssigned.program'
    value: string
  }

  export interface MessageAttemptAssignedReducersFieldEvent {
    field: '$.attemptAssigned.reducers'
    value: number
  }

  export interface MessageAttemptAssignedArgsFieldEvent {
    field: '$.attemptAssigned.args{}'
    key: string
    value: string
  }

  export interface MessageAttemptAssignedSeparatorFieldEvent {
    field: '$.attemptAssigned.separator'
    value: string
  }

  export interface MessageAttemptAssignedSplitsFileFieldEvent {
    field: '$.attemptAssigned.splits[].file'
    value: string
    index: number
  }

  export interface MessageAttemptAssignedSplitsCidFieldEvent {
    field: '$.attemptAssigned.splits[].cid'
    value: string
    index: number
  }

  export interface MessageAttemptAssignedSplitsOffsetFieldEvent {
    field: '$.attemptAssigned.splits[].offset'
    value: bigint
    index: number
  }

  export interface MessageAttemptAssignedSplitsLengthFieldEvent {
    field: '$.attemptAssigned.splits[].length'
    value: bigint
    index: number
  }

  export interface MessageAttemptAssignedSplitsFileBytesFieldEvent {
    field: '$.attemptAssigned.splits[].fileBytes'
    value: bigint
    index: number
  }

  export interface MessageAttemptAssignedMapTasksFieldEvent {
    field: '$.attemptAssigned.mapTasks'
    value: number
  }

  export interface MessageAttemptAssignedProvidersFieldEvent {
    field: '$.attemptAssigned.providers[]'
    index: number
    value: string
  }

  export interface MessageAttemptAssignedFetchTimeoutMsFieldEvent {
    field: '$.attemptAssigned.fetchTimeoutMs'
    value: bigint
  }

  export interface MessageAttemptAssignedExecuteTimeoutMsFieldEvent {
    field: '$.attemptAssigned.executeTimeoutMs'
    value: bigint
  }

  export interface MessageRunsCommittedRefJobFieldEvent {
    field: '$.runsCommitted.ref.job'
    value: string
  }

  export interface MessageRunsCommittedRefKindFieldEvent {
    field: '$.runsCommitted.ref.kind'
    value: TaskKind
  }

  export interface MessageRunsCommittedRefTaskFieldEvent {
    field: '$.runsCommitted.ref.task'
    value: number
  }

  export interface MessageRunsCommittedRefAttemptFieldEvent {
    field: '$.runsCommitted.ref.attempt'
    value: number
  }

  export interface MessageRunsCommittedRunsRunMapTaskFieldEvent {
    field: '$.runsCommitted.runs[].run.mapTask'
    value: number
    index: number
  }

  export interface MessageRunsCommittedRunsRunPartitionFieldEvent {
    field: '$.runsCommitted.runs[].run.partition'
    value: number
    index: number
  }

  export interface MessageRunsCommittedRunsRunCidFieldEvent {
    field: '$.runsCommitted.runs[].run.cid'
    value: string
    index: number
  }

  export interface MessageRunsCommittedRunsRunBytesFieldEvent {
    field: '$.runsCommitted.runs[].run.bytes'
    value: bigint
    index: number
  }

  export interface MessageRunsCommittedRunsRunRecordsFieldEvent {
    field: '$.runsCommitted.runs[].run.records'
    value: bigint
    index: number
  }

  export interface MessageRunsCommittedRunsProvidersFieldEvent {
    field: '$.runsCommitted.runs[].providers[]'
    index: number
    value: string
  }

  export interface MessageRunsCommittedEmptyFieldEvent {
    field: '$.runsCommitted.empty[]'
    index: number
    value: number
  }

  export interface MessageAttemptAbortedRefJobFieldEvent {
    field: '$.attemptAborted.ref.job'
    value: string
  }

  export interface MessageAttemptAbortedRefKindFieldEvent {
    field: '$.attemptAborted.ref.kind'
    value: TaskKind
  }

  export interface MessageAttemptAbortedRefTaskFieldEvent {
    field: '$.attemptAborted.ref.task'
    value: number
  }

  export interface MessageAttemptAbortedRefAttemptFieldEvent {
    field: '$.attemptAborted.ref.attempt'
    value: number
  }

  export interface MessageAttemptAbortedReasonFieldEvent {
    field: '$.attemptAborted.reason'
    value: string
  }

  export interface MessageJobEndedJobFieldEvent {
    field: '$.jobEnded.job'
    value: string
  }

  export interface MessageJobEndedStateFieldEvent {
    field: '$.jobEnded.state'
    value: string
  }

  export interface MessageBlocksQueryCidsFieldEvent {
    field: '$.blocksQuery.cids[]'
    index: number
    value: string
  }

  export interface MessageBlocksHeldHeldFieldEvent {
    field: '$.blocksHeld.held[]'
    index: number
    value: boolean
  }

  export interface MessageAttemptCompletedRefJobFieldEvent {
    field: '$.attemptCompleted.ref.job'
    value: string
  }

  export interface MessageAttemptCompletedRefKindFieldEvent {
    field: '$.attemptCompleted.ref.kind'
    value: TaskKind
  }

  export interface MessageAttemptCompletedRefTaskFieldEvent {
    field: '$.attemptCompleted.ref.task'
    value: number
  }

  export interface MessageAttemptCompletedRefAttemptFieldEvent {
    field: '$.attemptCompleted.ref.attempt'
    value: number
  }

  export interface MessageAttemptCompletedRunsMapTaskFieldEvent {
    field: '$.attemptCompleted.runs[].mapTask'
    value: number
    index: number
  }

  export interface MessageAttemptCompletedRunsPartitionFieldEvent {
    field: '$.attemptCompleted.runs[].partition'
    value: number
    index: number
  }

  export interface MessageAttemptCompletedRunsCidFieldEvent {
    field: '$.attemptCompleted.runs[].cid'
    value: string
    index: number
  }

  export interface MessageAttemptCompletedRunsBytesFieldEvent {
    field: '$.attemptCompleted.runs[].bytes'
    value: bigint
    index: number
  }

  export interface MessageAttemptCompletedRunsRecordsFieldEvent {
    field: '$.attemptCompleted.runs[].records'
    value: bigint
    index: number
  }

  export interface MessageAttemptCompletedOutputFieldEvent {
    field: '$.attemptCompleted.output'
    value: string
  }

  export interface MessageAttemptCompletedOutputBytesFieldEvent {
    field: '$.attemptCompleted.outputBytes'
    value: bigint
  }

  export interface MessageAttemptCompletedCountersFieldEvent {
    field: '$.attemptCompleted.counters{}'
    key: string
    value: bigint
  }

  export interface MessageAttemptCompletedFetchedBytesFieldEvent {
    field: '$.attemptCompleted.fetchedBytes'
    value: bigint
  }

  export interface MessageAttemptCompletedFetchedBlocksFieldEvent {
    field: '$.attemptCompleted.fetchedBlocks'
    value: number
  }

  export interface MessageAttemptFailedRefJobFieldEvent {
    field: '$.attemptFailed.ref.job'
    value: string
  }

  export interface MessageAttemptFailedRefKindFieldEvent {
    field: '$.attemptFailed.ref.kind'
    value: TaskKind
  }

  export interface MessageAttemptFailedRefTaskFieldEvent {
    field: '$.attemptFailed.ref.task'
    value: number
  }

  export interface MessageAttemptFailedRefAttemptFieldEvent {
    field: '$.attemptFailed.ref.attempt'
    value: number
  }

  export interface MessageAttemptFailedFailureCodeFieldEvent {
    field: '$.attemptFailed.failure.code'
    value: Code
  }

  export interface MessageAttemptFailedFailureMessageFieldEvent {
    field: '$.attemptFailed.failure.message'
    value: string
  }

  export interface MessageAttemptFailedFailureStackFieldEvent {
    field: '$.attemptFailed.failure.stack'
    value: string
  }

  export interface MessageAttemptFailedFailureCidFieldEvent {
    field: '$.attemptFailed.failure.cid'
    value: string
  }

  export interface MessageRunLostRefJobFieldEvent {
    field: '$.runLost.ref.job'
    value: string
  }

  export interface MessageRunLostRefKindFieldEvent {
    field: '$.runLost.ref.kind'
    value: TaskKind
  }

  export interface MessageRunLostRefTaskFieldEvent {
    field: '$.runLost.ref.task'
    value: number
  }

  export interface MessageRunLostRefAttemptFieldEvent {
    field: '$.runLost.ref.attempt'
    value: number
  }

  export interface MessageRunLostMapTaskFieldEvent {
    field: '$.runLost.mapTask'
    value: number
  }

  export interface MessageRunLostCidFieldEvent {
    field: '$.runLost.cid'
    value: string
  }

  export interface MessageRunLostMessageFieldEvent {
    field: '$.runLost.message'
    value: string
  }

  export interface MessageSubmitJobClusterFieldEvent {
    field: '$.submitJob.cluster'
    value: string
  }

  export interface MessageSubmitJobSpecProgramFieldEvent {
    field: '$.submitJob.spec.program'
    value: string
  }

  export interface MessageSubmitJobSpecProgramNameFieldEvent {
    field: '$.submitJob.spec.programName'
    value: string
  }

  export interface MessageSubmitJobSpecInputFieldEvent {
    field: '$.submitJob.spec.input'
    value: string
  }

  export interface MessageSubmitJobSpecReducersFieldEvent {
    field: '$.submitJob.spec.reducers'
    value: number
  }

  export interface MessageSubmitJobSpecArgsFieldEvent {
    field: '$.submitJob.spec.args{}'
    key: string
    value: string
  }

  export interface MessageSubmitJobSpecSeparatorFieldEvent {
    field: '$.submitJob.spec.separator'
    value: string
  }

  export interface MessageSubmitJobSpecSplitBytesFieldEvent {
    field: '$.submitJob.spec.splitBytes'
    value: bigint
  }

  export interface MessageSubmitJobProvidersFieldEvent {
    field: '$.submitJob.providers[]'
    index: number
    value: string
  }

  export interface MessageSubmitJobDeadlineMsFieldEvent {
    field: '$.submitJob.deadlineMs'
    value: bigint
  }

  export interface MessageSubmitJobWorkerWaitMsFieldEvent {
    field: '$.submitJob.workerWaitMs'
    value: bigint
  }

  export interface MessageSubmitJobMaxAttemptsFieldEvent {
    field: '$.submitJob.maxAttempts'
    value: number
  }

  export interface MessageJobAcceptedJobFieldEvent {
    field: '$.jobAccepted.job'
    value: string
  }

  export interface MessageCancelJobJobFieldEvent {
    field: '$.cancelJob.job'
    value: string
  }

  export interface MessageCancelJobReasonFieldEvent {
    field: '$.cancelJob.reason'
    value: string
  }

  export interface MessageStatusQueryJobFieldEvent {
    field: '$.statusQuery.job'
    value: string
  }

  export interface MessageStatusJobsJobFieldEvent {
    field: '$.status.jobs[].job'
    value: string
    index: number
  }

  export interface MessageStatusJobsStateFieldEvent {
    field: '$.status.jobs[].state'
    value: string
    index: number
  }

  export interface MessageStatusJobsReasonFieldEvent {
    field: '$.status.jobs[].reason'
    value: string
    index: number
  }

  export interface MessageStatusJobsSpecProgramFieldEvent {
    field: '$.status.jobs[].spec.program'
    value: string
    index: number
  }

  export interface MessageStatusJobsSpecProgramNameFieldEvent {
    field: '$.status.jobs[].spec.programName'
    value: string
    index: number
  }

  export interface MessageStatusJobsSpecInputFieldEvent {
    field: '$.status.jobs[].spec.input'
    value: string
    index: number
  }

  export interface MessageStatusJobsSpecReducersFieldEvent {
    field: '$.status.jobs[].spec.reducers'
    value: number
    index: number
  }

  export interface MessageStatusJobsSpecArgsFieldEvent {
    field: '$.status.jobs[].spec.args{}'
    key: string
    value: string
    index: number
  }

  export interface MessageStatusJobsSpecSeparatorFieldEvent {
    field: '$.status.jobs[].spec.separator'
    value: string
    index: number
  }

  export interface MessageStatusJobsSpecSplitBytesFieldEvent {
    field: '$.status.jobs[].spec.splitBytes'
    value: bigint
    index: number
  }

  export interface MessageStatusJobsMapsTotalFieldEvent {
    field: '$.status.jobs[].maps.total'
    value: number
    index: number
  }

  export interface MessageStatusJobsMapsPendingFieldEvent {
    field: '$.status.jobs[].maps.pending'
    value: number
    index: number
  }

  export interface MessageStatusJobsMapsRunningFieldEvent {
    field: '$.status.jobs[].maps.running'
    value: number
    index: number
  }

  export interface MessageStatusJobsMapsCommittedFieldEvent {
    field: '$.status.jobs[].maps.committed'
    value: number
    index: number
  }

  export interface MessageStatusJobsMapsFailedFieldEvent {
    field: '$.status.jobs[].maps.failed'
    value: number
    index: number
  }

  export interface MessageStatusJobsMapsAttemptsFieldEvent {
    field: '$.status.jobs[].maps.attempts'
    value: number
    index: number
  }

  export interface MessageStatusJobsMapsFailedAttemptsFieldEvent {
    field: '$.status.jobs[].maps.failedAttempts'
    value: number
    index: number
  }

  export interface MessageStatusJobsReducesTotalFieldEvent {
    field: '$.status.jobs[].reduces.total'
    value: number
    index: number
  }

  export interface MessageStatusJobsReducesPendingFieldEvent {
    field: '$.status.jobs[].reduces.pending'
    value: number
    index: number
  }

  export interface MessageStatusJobsReducesRunningFieldEvent {
    field: '$.status.jobs[].reduces.running'
    value: number
    index: number
  }

  export interface MessageStatusJobsReducesCommittedFieldEvent {
    field: '$.status.jobs[].reduces.committed'
    value: number
    index: number
  }

  export interface MessageStatusJobsReducesFailedFieldEvent {
    field: '$.status.jobs[].reduces.failed'
    value: number
    index: number
  }

  export interface MessageStatusJobsReducesAttemptsFieldEvent {
    field: '$.status.jobs[].reduces.attempts'
    value: number
    index: number
  }

  export interface MessageStatusJobsReducesFailedAttemptsFieldEvent {
    field: '$.status.jobs[].reduces.failedAttempts'
    value: number
    index: number
  }

  export interface MessageStatusJobsCountersFieldEvent {
    field: '$.status.jobs[].counters{}'
    key: string
    value: bigint
    index: number
  }

  export interface MessageStatusJobsResultFieldEvent {
    field: '$.status.jobs[].result'
    value: string
    index: number
  }

  export interface MessageStatusJobsRecordFieldEvent {
    field: '$.status.jobs[].record'
    value: string
    index: number
  }

  export interface MessageStatusJobsPhasesNameFieldEvent {
    field: '$.status.jobs[].phases[].name'
    value: string
    index: number
  }

  export interface MessageStatusJobsPhasesMsFieldEvent {
    field: '$.status.jobs[].phases[].ms'
    value: bigint
    index: number
  }

  export interface MessageStatusJobsLocalSplitsFieldEvent {
    field: '$.status.jobs[].localSplits'
    value: number
    index: number
  }

  export interface MessageStatusJobsRemoteSplitsFieldEvent {
    field: '$.status.jobs[].remoteSplits'
    value: number
    index: number
  }

  export interface MessageStatusJobsFetchedBytesFieldEvent {
    field: '$.status.jobs[].fetchedBytes'
    value: bigint
    index: number
  }

  export interface MessageStatusJobsWarningsFieldEvent {
    field: '$.status.jobs[].warnings[]'
    index: number
    value: string
  }

  export interface MessageStatusJobsFailureCodeFieldEvent {
    field: '$.status.jobs[].failure.code'
    value: Code
    index: number
  }

  export interface MessageStatusJobsFailureMessageFieldEvent {
    field: '$.status.jobs[].failure.message'
    value: string
    index: number
  }

  export interface MessageStatusJobsFailureStackFieldEvent {
    field: '$.status.jobs[].failure.stack'
    value: string
    index: number
  }

  export interface MessageStatusJobsFailureCidFieldEvent {
    field: '$.status.jobs[].failure.cid'
    value: string
    index: number
  }

  export interface MessageStatusJobsInputBytesFieldEvent {
    field: '$.status.jobs[].inputBytes'
    value: bigint
    index: number
  }

  export interface MessageStatusJobsRecordsFieldEvent {
    field: '$.status.jobs[].records'
    value: bigint
    index: number
  }

  export interface MessageStatusJobsWaitingFieldEvent {
    field: '$.status.jobs[].waiting'
    value: string
    index: number
  }

  export interface MessageStatusWorkersPeerFieldEvent {
    field: '$.status.workers[].peer'
    value: string
    index: number
  }

  export interface MessageStatusWorkersRoleFieldEvent {
    field: '$.status.workers[].role'
    value: Role
    index: number
  }

  export interface MessageStatusWorkersSlotsFieldEvent {
    field: '$.status.workers[].slots'
    value: number
    index: number
  }

  export interface MessageStatusWorkersRunningFieldEvent {
    field: '$.status.workers[].running'
    value: number
    index: number
  }

  export interface MessageStatusWorkersStateFieldEvent {
    field: '$.status.workers[].state'
    value: string
    index: number
  }

  export interface MessageStatusWorkersAddressesFieldEvent {
    field: '$.status.workers[].addresses[]'
    index: number
    value: string
  }

  export interface MessageStatusWorkersAttemptsRefJobFieldEvent {
    field: '$.status.workers[].attempts[].ref.job'
    value: string
    index: number
  }

  export interface MessageStatusWorkersAttemptsRefKindFieldEvent {
    field: '$.status.workers[].attempts[].ref.kind'
    value: TaskKind
    index: number
  }

  export interface MessageStatusWorkersAttemptsRefTaskFieldEvent {
    field: '$.status.workers[].attempts[].ref.task'
    value: number
    index: number
  }

  export interface MessageStatusWorkersAttemptsRefAttemptFieldEvent {
    field: '$.status.workers[].attempts[].ref.attempt'
    value: number
    index: number
  }

  export interface MessageStatusWorkersAttemptsStateFieldEvent {
    field: '$.status.workers[].attempts[].state'
    value: string
    index: number
  }

  export interface MessageStatusWorkersAttemptsRecordsFieldEvent {
    field: '$.status.workers[].attempts[].records'
    value: bigint
    index: number
  }

  export function encode (obj: Partial<Message>): Uint8Array {
    return encodeMessage(obj, Message.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Message>): Message {
    return decodeMessage(buf, Message.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Message>): Generator<MessageRefusalCodeFieldEvent | MessageRefusalMessageFieldEvent | MessageJoinClusterFieldEvent | MessageJoinRoleFieldEvent | MessageJoinSlotsFieldEvent | MessageJoinAddressesFieldEvent | MessageJoinRunningRefJobFieldEvent | MessageJoinRunningRefKindFieldEvent | MessageJoinRunningRefTaskFieldEvent | MessageJoinRunningRefAttemptFieldEvent | MessageJoinRunningStateFieldEvent | MessageJoinRunningRecordsFieldEvent | MessageJoinDrainingFieldEvent | MessageWelcomeMasterFieldEvent | MessageWelcomeHeartbeatMsFieldEvent | MessageWelcomeLeaseMsFieldEvent | MessageLeaveReasonFieldEvent | MessageAttemptAssignedRefJobFieldEvent | MessageAttemptAssignedRefKindFieldEvent | MessageAttemptAssignedRefTaskFieldEvent | MessageAttemptAssignedRefAttemptFieldEvent | MessageAttemptAssignedClusterFieldEvent | MessageAttemptAssignedProgramFieldEvent | MessageAttemptAssignedReducersFieldEvent | MessageAttemptAssignedArgsFieldEvent | MessageAttemptAssignedSeparatorFieldEvent | MessageAttemptAssignedSplitsFileFieldEvent | MessageAttemptAssignedSplitsCidFieldEvent | MessageAttemptAssignedSplitsOffsetFieldEvent | MessageAttemptAssignedSplitsLengthFieldEvent | MessageAttemptAssignedSplitsFileBytesFieldEvent | MessageAttemptAssignedMapTasksFieldEvent | MessageAttemptAssignedProvidersFieldEvent | MessageAttemptAssignedFetchTimeoutMsFieldEvent | MessageAttemptAssignedExecuteTimeoutMsFieldEvent | MessageRunsCommittedRefJobFieldEvent | MessageRunsCommittedRefKindFieldEvent | MessageRunsCommittedRefTaskFieldEvent | MessageRunsCommittedRefAttemptFieldEvent | MessageRunsCommittedRunsRunMapTaskFieldEvent | MessageRunsCommittedRunsRunPartitionFieldEvent | MessageRunsCommittedRunsRunCidFieldEvent | MessageRunsCommittedRunsRunBytesFieldEvent | MessageRunsCommittedRunsRunRecordsFieldEvent | MessageRunsCommittedRunsProvidersFieldEvent | MessageRunsCommittedEmptyFieldEvent | MessageAttemptAbortedRefJobFieldEvent | MessageAttemptAbortedRefKindFieldEvent | MessageAttemptAbortedRefTaskFieldEvent | MessageAttemptAbortedRefAttemptFieldEvent | MessageAttemptAbortedReasonFieldEvent | MessageJobEndedJobFieldEvent | MessageJobEndedStateFieldEvent | MessageBlocksQueryCidsFieldEvent | MessageBlocksHeldHeldFieldEvent | MessageAttemptCompletedRefJobFieldEvent | MessageAttemptCompletedRefKindFieldEvent | MessageAttemptCompletedRefTaskFieldEvent | MessageAttemptCompletedRefAttemptFieldEvent | MessageAttemptCompletedRunsMapTaskFieldEvent | MessageAttemptCompletedRunsPartitionFieldEvent | MessageAttemptCompletedRunsCidFieldEvent | MessageAttemptCompletedRunsBytesFieldEvent | MessageAttemptCompletedRunsRecordsFieldEvent | MessageAttemptCompletedOutputFieldEvent | MessageAttemptCompletedOutputBytesFieldEvent | MessageAttemptCompletedCountersFieldEvent | MessageAttemptCompletedFetchedBytesFieldEvent | MessageAttemptCompletedFetchedBlocksFieldEvent | MessageAttemptFailedRefJobFieldEvent | MessageAttemptFailedRefKindFieldEvent | MessageAttemptFailedRefTaskFieldEvent | MessageAttemptFailedRefAttemptFieldEvent | MessageAttemptFailedFailureCodeFieldEvent | MessageAttemptFailedFailureMessageFieldEvent | MessageAttemptFailedFailureStackFieldEvent | MessageAttemptFailedFailureCidFieldEvent | MessageRunLostRefJobFieldEvent | MessageRunLostRefKindFieldEvent | MessageRunLostRefTaskFieldEvent | MessageRunLostRefAttemptFieldEvent | MessageRunLostMapTaskFieldEvent | MessageRunLostCidFieldEvent | MessageRunLostMessageFieldEvent | MessageSubmitJobClusterFieldEvent | MessageSubmitJobSpecProgramFieldEvent | MessageSubmitJobSpecProgramNameFieldEvent | MessageSubmitJobSpecInputFieldEvent | MessageSubmitJobSpecReducersFieldEvent | MessageSubmitJobSpecArgsFieldEvent | MessageSubmitJobSpecSeparatorFieldEvent | MessageSubmitJobSpecSplitBytesFieldEvent | MessageSubmitJobProvidersFieldEvent | MessageSubmitJobDeadlineMsFieldEvent | MessageSubmitJobWorkerWaitMsFieldEvent | MessageSubmitJobMaxAttemptsFieldEvent | MessageJobAcceptedJobFieldEvent | MessageCancelJobJobFieldEvent | MessageCancelJobReasonFieldEvent | MessageStatusQueryJobFieldEvent | MessageStatusJobsJobFieldEvent | MessageStatusJobsStateFieldEvent | MessageStatusJobsReasonFieldEvent | MessageStatusJobsSpecProgramFieldEvent | MessageStatusJobsSpecProgramNameFieldEvent | MessageStatusJobsSpecInputFieldEvent | MessageStatusJobsSpecReducersFieldEvent | MessageStatusJobsSpecArgsFieldEvent | MessageStatusJobsSpecSeparatorFieldEvent | MessageStatusJobsSpecSplitBytesFieldEvent | MessageStatusJobsMapsTotalFieldEvent | MessageStatusJobsMapsPendingFieldEvent | MessageStatusJobsMapsRunningFieldEvent | MessageStatusJobsMapsCommittedFieldEvent | MessageStatusJobsMapsFailedFieldEvent | MessageStatusJobsMapsAttemptsFieldEvent | MessageStatusJobsMapsFailedAttemptsFieldEvent | MessageStatusJobsReducesTotalFieldEvent | MessageStatusJobsReducesPendingFieldEvent | MessageStatusJobsReducesRunningFieldEvent | MessageStatusJobsReducesCommittedFieldEvent | MessageStatusJobsReducesFailedFieldEvent | MessageStatusJobsReducesAttemptsFieldEvent | MessageStatusJobsReducesFailedAttemptsFieldEvent | MessageStatusJobsCountersFieldEvent | MessageStatusJobsResultFieldEvent | MessageStatusJobsRecordFieldEvent | MessageStatusJobsPhasesNameFieldEvent | MessageStatusJobsPhasesMsFieldEvent | MessageStatusJobsLocalSplitsFieldEvent | MessageStatusJobsRemoteSplitsFieldEvent | MessageStatusJobsFetchedBytesFieldEvent | MessageStatusJobsWarningsFieldEvent | MessageStatusJobsFailureCodeFieldEvent | MessageStatusJobsFailureMessageFieldEvent | MessageStatusJobsFailureStackFieldEvent | MessageStatusJobsFailureCidFieldEvent | MessageStatusJobsInputBytesFieldEvent | MessageStatusJobsRecordsFieldEvent | MessageStatusJobsWaitingFieldEvent | MessageStatusWorkersPeerFieldEvent | MessageStatusWorkersRoleFieldEvent | MessageStatusWorkersSlotsFieldEvent | MessageStatusWorkersRunningFieldEvent | MessageStatusWorkersStateFieldEvent | MessageStatusWorkersAddressesFieldEvent | MessageStatusWorkersAttemptsRefJobFieldEvent | MessageStatusWorkersAttemptsRefKindFieldEvent | MessageStatusWorkersAttemptsRefTaskFieldEvent | MessageStatusWorkersAttemptsRefAttemptFieldEvent | MessageStatusWorkersAttemptsStateFieldEvent | MessageStatusWorkersAttemptsRecordsFieldEvent> {
    return streamMessage(buf, Message.codec(), opts)
  }
}

export interface Heartbeat {
  cluster: string
  role: Role
  slots: number
  running: AttemptProgress[]
  draining: boolean
}

export namespace Heartbeat {
  let _codec: Codec<Heartbeat>

  export const codec = (): Codec<Heartbeat> => {
    if (_codec == null) {
      _codec = message<Heartbeat>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.cluster != null && obj.cluster !== '')) {
          w.uint32(10)
          w.string(obj.cluster)
        }

        if (obj.role != null && __RoleValues[obj.role] !== 0) {
          w.uint32(16)
          Role.codec().encode(obj.role, w)
        }

        if ((obj.slots != null && obj.slots !== 0)) {
          w.uint32(24)
          w.uint32(obj.slots)
        }

        if (obj.running != null && obj.running.length > 0) {
          for (const value of obj.running) {
            w.uint32(34)
            AttemptProgress.codec().encode(value, w)
          }
        }

        if ((obj.draining != null && obj.draining !== false)) {
          w.uint32(40)
          w.bool(obj.draining)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          cluster: '',
          role: Role.MASTER,
          slots: 0,
          running: [],
          draining: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.cluster = reader.string()
              break
            }
            case 2: {
              obj.role = Role.codec().decode(reader)
              break
            }
            case 3: {
              obj.slots = reader.uint32()
              break
            }
            case 4: {
              if (opts.limits?.running != null && obj.running.length === opts.limits.running) {
                throw new MaxLengthError('Decode error - repeated field "running" had too many elements')
              }

              obj.running.push(AttemptProgress.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.running$
              }))
              break
            }
            case 5: {
              obj.draining = reader.bool()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          running: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.cluster`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.role`,
                value: Role.codec().decode(reader)
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.slots`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              if (opts.limits?.running != null && obj.running === opts.limits.running) {
                throw new MaxLengthError('Streaming decode error - repeated field "running" had too many elements')
              }

              for (const evt of AttemptProgress.codec().stream(reader, reader.uint32(), `${prefix}.running[]`, {
                limits: opts.limits?.running$
              })) {
                yield {
                  ...evt,
                  index: obj.running
                }
              }

              obj.running++

              break
            }
            case 5: {
              yield {
                field: `${prefix}.draining`,
                value: reader.bool()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface HeartbeatClusterFieldEvent {
    field: '$.cluster'
    value: string
  }

  export interface HeartbeatRoleFieldEvent {
    field: '$.role'
    value: Role
  }

  export interface HeartbeatSlotsFieldEvent {
    field: '$.slots'
    value: number
  }

  export interface HeartbeatRunningRefJobFieldEvent {
    field: '$.running[].ref.job'
    value: string
    index: number
  }

  export interface HeartbeatRunningRefKindFieldEvent {
    field: '$.running[].ref.kind'
    value: TaskKind
    index: number
  }

  export interface HeartbeatRunningRefTaskFieldEvent {
    field: '$.running[].ref.task'
    value: number
    index: number
  }

  export interface HeartbeatRunningRefAttemptFieldEvent {
    field: '$.running[].ref.attempt'
    value: number
    index: number
  }

  export interface HeartbeatRunningStateFieldEvent {
    field: '$.running[].state'
    value: string
    index: number
  }

  export interface HeartbeatRunningRecordsFieldEvent {
    field: '$.running[].records'
    value: bigint
    index: number
  }

  export interface HeartbeatDrainingFieldEvent {
    field: '$.draining'
    value: boolean
  }

  export function encode (obj: Partial<Heartbeat>): Uint8Array {
    return encodeMessage(obj, Heartbeat.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Heartbeat>): Heartbeat {
    return decodeMessage(buf, Heartbeat.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Heartbeat>): Generator<HeartbeatClusterFieldEvent | HeartbeatRoleFieldEvent | HeartbeatSlotsFieldEvent | HeartbeatRunningRefJobFieldEvent | HeartbeatRunningRefKindFieldEvent | HeartbeatRunningRefTaskFieldEvent | HeartbeatRunningRefAttemptFieldEvent | HeartbeatRunningStateFieldEvent | HeartbeatRunningRecordsFieldEvent | HeartbeatDrainingFieldEvent> {
    return streamMessage(buf, Heartbeat.codec(), opts)
  }
}

export interface MasterAdvert {
  cluster: string
  addresses: string[]
}

export namespace MasterAdvert {
  let _codec: Codec<MasterAdvert>

  export const codec = (): Codec<MasterAdvert> => {
    if (_codec == null) {
      _codec = message<MasterAdvert>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.cluster != null && obj.cluster !== '')) {
          w.uint32(10)
          w.string(obj.cluster)
        }

        if (obj.addresses != null && obj.addresses.length > 0) {
          for (const value of obj.addresses) {
            w.uint32(18)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          cluster: '',
          addresses: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.cluster = reader.string()
              break
            }
            case 2: {
              if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              obj.addresses.push(reader.string())
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          addresses: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.cluster`,
                value: reader.string()
              }
              break
            }
            case 2: {
              if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements')
              }

              yield {
                field: `${prefix}.addresses[]`,
                index: obj.addresses,
                value: reader.string()
              }

              obj.addresses++

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface MasterAdvertClusterFieldEvent {
    field: '$.cluster'
    value: string
  }

  export interface MasterAdvertAddressesFieldEvent {
    field: '$.addresses[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<MasterAdvert>): Uint8Array {
    return encodeMessage(obj, MasterAdvert.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MasterAdvert>): MasterAdvert {
    return decodeMessage(buf, MasterAdvert.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MasterAdvert>): Generator<MasterAdvertClusterFieldEvent | MasterAdvertAddressesFieldEvent> {
    return streamMessage(buf, MasterAdvert.codec(), opts)
  }
}

export interface JobAnnouncement {
  job: string
  state: string
  result: string
  record: string
  reason: string
}

export namespace JobAnnouncement {
  let _codec: Codec<JobAnnouncement>

  export const codec = (): Codec<JobAnnouncement> => {
    if (_codec == null) {
      _codec = message<JobAnnouncement>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.job != null && obj.job !== '')) {
          w.uint32(10)
          w.string(obj.job)
        }

        if ((obj.state != null && obj.state !== '')) {
          w.uint32(18)
          w.string(obj.state)
        }

        if ((obj.result != null && obj.result !== '')) {
          w.uint32(26)
          w.string(obj.result)
        }

        if ((obj.record != null && obj.record !== '')) {
          w.uint32(34)
          w.string(obj.record)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(42)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          job: '',
          state: '',
          result: '',
          record: '',
          reason: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.job = reader.string()
              break
            }
            case 2: {
              obj.state = reader.string()
              break
            }
            case 3: {
              obj.result = reader.string()
              break
            }
            case 4: {
              obj.record = reader.string()
              break
            }
            case 5: {
              obj.reason = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.job`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.state`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.result`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.record`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface JobAnnouncementJobFieldEvent {
    field: '$.job'
    value: string
  }

  export interface JobAnnouncementStateFieldEvent {
    field: '$.state'
    value: string
  }

  export interface JobAnnouncementResultFieldEvent {
    field: '$.result'
    value: string
  }

  export interface JobAnnouncementRecordFieldEvent {
    field: '$.record'
    value: string
  }

  export interface JobAnnouncementReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<JobAnnouncement>): Uint8Array {
    return encodeMessage(obj, JobAnnouncement.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobAnnouncement>): JobAnnouncement {
    return decodeMessage(buf, JobAnnouncement.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JobAnnouncement>): Generator<JobAnnouncementJobFieldEvent | JobAnnouncementStateFieldEvent | JobAnnouncementResultFieldEvent | JobAnnouncementRecordFieldEvent | JobAnnouncementReasonFieldEvent> {
    return streamMessage(buf, JobAnnouncement.codec(), opts)
  }
}

export interface Announcement {
  heartbeat?: Heartbeat
  masterAdvert?: MasterAdvert
  job?: JobAnnouncement
}

export namespace Announcement {
  let _codec: Codec<Announcement>

  export const codec = (): Codec<Announcement> => {
    if (_codec == null) {
      _codec = message<Announcement>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.job != null) {
          obj.masterAdvert = undefined
          obj.heartbeat = undefined
        }

        if (obj.masterAdvert != null) {
          obj.job = undefined
          obj.heartbeat = undefined
        }

        if (obj.heartbeat != null) {
          obj.job = undefined
          obj.masterAdvert = undefined
        }

        if (obj.heartbeat != null) {
          w.uint32(10)
          Heartbeat.codec().encode(obj.heartbeat, w)
        }

        if (obj.masterAdvert != null) {
          w.uint32(18)
          MasterAdvert.codec().encode(obj.masterAdvert, w)
        }

        if (obj.job != null) {
          w.uint32(26)
          JobAnnouncement.codec().encode(obj.job, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.heartbeat = Heartbeat.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.heartbeat
              })
              break
            }
            case 2: {
              obj.masterAdvert = MasterAdvert.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.masterAdvert
              })
              break
            }
            case 3: {
              obj.job = JobAnnouncement.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.job
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.job != null) {
          delete obj.masterAdvert
          delete obj.heartbeat
        }

        if (obj.masterAdvert != null) {
          delete obj.job
          delete obj.heartbeat
        }

        if (obj.heartbeat != null) {
          delete obj.job
          delete obj.masterAdvert
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Heartbeat.codec().stream(reader, reader.uint32(), `${prefix}.heartbeat`, {
                limits: opts.limits?.heartbeat
              })

              break
            }
            case 2: {
              yield * MasterAdvert.codec().stream(reader, reader.uint32(), `${prefix}.masterAdvert`, {
                limits: opts.limits?.masterAdvert
              })

              break
            }
            case 3: {
              yield * JobAnnouncement.codec().stream(reader, reader.uint32(), `${prefix}.job`, {
                limits: opts.limits?.job
              })

              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface AnnouncementHeartbeatClusterFieldEvent {
    field: '$.heartbeat.cluster'
    value: string
  }

  export interface AnnouncementHeartbeatRoleFieldEvent {
    field: '$.heartbeat.role'
    value: Role
  }

  export interface AnnouncementHeartbeatSlotsFieldEvent {
    field: '$.heartbeat.slots'
    value: number
  }

  export interface AnnouncementHeartbeatRunningRefJobFieldEvent {
    field: '$.heartbeat.running[].ref.job'
    value: string
    index: number
  }

  export interface AnnouncementHeartbeatRunningRefKindFieldEvent {
    field: '$.heartbeat.running[].ref.kind'
    value: TaskKind
    index: number
  }

  export interface AnnouncementHeartbeatRunningRefTaskFieldEvent {
    field: '$.heartbeat.running[].ref.task'
    value: number
    index: number
  }

  export interface AnnouncementHeartbeatRunningRefAttemptFieldEvent {
    field: '$.heartbeat.running[].ref.attempt'
    value: number
    index: number
  }

  export interface AnnouncementHeartbeatRunningStateFieldEvent {
    field: '$.heartbeat.running[].state'
    value: string
    index: number
  }

  export interface AnnouncementHeartbeatRunningRecordsFieldEvent {
    field: '$.heartbeat.running[].records'
    value: bigint
    index: number
  }

  export interface AnnouncementHeartbeatDrainingFieldEvent {
    field: '$.heartbeat.draining'
    value: boolean
  }

  export interface AnnouncementMasterAdvertClusterFieldEvent {
    field: '$.masterAdvert.cluster'
    value: string
  }

  export interface AnnouncementMasterAdvertAddressesFieldEvent {
    field: '$.masterAdvert.addresses[]'
    index: number
    value: string
  }

  export interface AnnouncementJobJobFieldEvent {
    field: '$.job.job'
    value: string
  }

  export interface AnnouncementJobStateFieldEvent {
    field: '$.job.state'
    value: string
  }

  export interface AnnouncementJobResultFieldEvent {
    field: '$.job.result'
    value: string
  }

  export interface AnnouncementJobRecordFieldEvent {
    field: '$.job.record'
    value: string
  }

  export interface AnnouncementJobReasonFieldEvent {
    field: '$.job.reason'
    value: string
  }

  export function encode (obj: Partial<Announcement>): Uint8Array {
    return encodeMessage(obj, Announcement.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Announcement>): Announcement {
    return decodeMessage(buf, Announcement.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Announcement>): Generator<AnnouncementHeartbeatClusterFieldEvent | AnnouncementHeartbeatRoleFieldEvent | AnnouncementHeartbeatSlotsFieldEvent | AnnouncementHeartbeatRunningRefJobFieldEvent | AnnouncementHeartbeatRunningRefKindFieldEvent | AnnouncementHeartbeatRunningRefTaskFieldEvent | AnnouncementHeartbeatRunningRefAttemptFieldEvent | AnnouncementHeartbeatRunningStateFieldEvent | AnnouncementHeartbeatRunningRecordsFieldEvent | AnnouncementHeartbeatDrainingFieldEvent | AnnouncementMasterAdvertClusterFieldEvent | AnnouncementMasterAdvertAddressesFieldEvent | AnnouncementJobJobFieldEvent | AnnouncementJobStateFieldEvent | AnnouncementJobResultFieldEvent | AnnouncementJobRecordFieldEvent | AnnouncementJobReasonFieldEvent> {
    return streamMessage(buf, Announcement.codec(), opts)
  }
}
