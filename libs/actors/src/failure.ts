import type { Failure } from '@ipfs-mapreduce/protocol'

/** What a thrown thing is on the wire: its code where it has one, else TRANSIENT. */
export function failureOf (error: unknown): Failure {
  const { code, message, programStack, cid } = error as { code?: unknown, message?: unknown, programStack?: unknown, cid?: unknown }
  return {
    code: isCode(code) ? code : 'TRANSIENT',
    message: typeof message === 'string' && message !== '' ? message : String(error),
    ...typeof programStack === 'string' && { stack: programStack },
    ...typeof cid === 'string' && { cid }
  }
}

const CODES: ReadonlySet<unknown> = new Set<Failure['code']>([
  'TRANSIENT', 'PROGRAM', 'FATAL', 'BLOCK_UNAVAILABLE', 'INPUT_LOST', 'TIMEOUT', 'ABORTED', 'STORAGE', 'BAD_INPUT', 'REFUSED', 'UNREACHABLE'
])

function isCode (code: unknown): code is Failure['code'] {
  return CODES.has(code)
}
