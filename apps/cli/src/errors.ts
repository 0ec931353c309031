import { MapReduceError, ProgramError } from '@ipfs-mapreduce/mapreduce'
import type { ErrorCode } from '@ipfs-mapreduce/mapreduce'
import { staysBehind } from './stays-behind.ts'
import { printable, printableLines } from './view/format.ts'

/** Exit statuses of `ipmr`; 128 + the signal's number where a signal ended it, as shells have it. */
export const EXIT_OK = 0
export const EXIT_FAILED = 1
export const EXIT_USAGE = 2
export const EXIT_INTERRUPTED = 130

/** What was asked cannot be done as it was typed. Exit status 2. `details` are shown below the one line, as they are. */
export class UsageError extends Error {
  readonly details: string

  constructor (message: string, details = '', options?: ErrorOptions) {
    super(message, options)
    this.name = 'UsageError'
    this.details = details
  }
}

/** The job was accepted and did not succeed. Exit status 1. */
export class JobFailedError extends Error {
  readonly job: string
  readonly code: ErrorCode
  /** The program's own stack, where a program threw. */
  readonly programStack?: string
  /** The content that could not be had. */
  readonly cid?: string

  constructor (job: string, failure: { code: ErrorCode, message: string, stack?: string, cid?: string }) {
    super(failure.message)
    this.name = 'JobFailedError'
    this.job = job
    this.code = failure.code
    this.programStack = failure.stack
    this.cid = failure.cid
  }
}

/** Someone pressed Ctrl-C, or sent the signal. */
export class InterruptedError extends Error {
  readonly exitCode: number

  constructor (exitCode: number) {
    super('interrupted')
    this.name = 'InterruptedError'
    this.exitCode = exitCode
  }
}

export function exitCodeOf (error: unknown): number {
  if (error instanceof InterruptedError) return error.exitCode
  return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED
}

/** `--json`'s `error` member. */
export interface ErrorReport { code: string, message: string, job?: string, stack?: string, cid?: string }

export function errorReport (error: unknown): ErrorReport {
  if (error instanceof JobFailedError) {
    return { code: error.code, message: error.message, job: error.job, stack: error.programStack, cid: error.cid }
  }
  if (error instanceof InterruptedError) return { code: 'ABORTED', message: `interrupted: the job ${staysBehind() ? 'goes on at the master' : 'was cancelled'}` }
  if (error instanceof UsageError) return { code: 'USAGE', message: error.message }
  if (error instanceof ProgramError && error.programStack !== '') return { code: error.code, message: error.message, stack: error.programStack }
  if (error instanceof MapReduceError) return { code: error.code, message: error.message }
  return { code: 'ERROR', message: reasonOf(error) }
}

/** What to do about a failed job, where its reason does not say. */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  PROGRAM: 'mend the program and run it again; --skip-bad-records N passes over records for which it throws',
  BLOCK_UNAVAILABLE: 'add the content on this machine (ipmr add) or run a worker that holds it, where the workers can reach it: --listen says where',
  TIMEOUT: 'give it longer (--deadline and --worker-wait), or more workers'
}

/** A failure for a person: one line that says what failed, where and what to do; below it what the user's own code said. */
export function errorText (error: unknown): string {
  if (error instanceof InterruptedError) return 'ipmr: interrupted'
  if (error instanceof JobFailedError) {
    const advice = ADVICE[error.code]
    const first = `ipmr: job ${error.job} failed: ${oneLine(error.message)}`
    const stack = error.programStack === undefined ? [] : [indent(error.programStack)]
    return [first, ...stack, ...(advice === undefined ? [] : [`ipmr: ${advice}`])].join('\n')
  }
  // Where a sample of the input is mapped before there is a job.
  if (error instanceof ProgramError && error.programStack !== '') return [`ipmr: ${oneLine(error.message)}`, indent(error.programStack), `ipmr: ${ADVICE.PROGRAM}`].join('\n')
  const details = error instanceof UsageError && error.details !== '' ? `\n${error.details}` : ''
  return `ipmr: ${oneLine(reasonOf(error))}${details}`
}

/** What a system call was for, in a person's words. */
const CALLS: Record<string, string> = { mkdir: 'make the directory', open: 'open', read: 'read', write: 'write', scandir: 'read the directory', rename: 'rename', rm: 'remove', unlink: 'remove', symlink: 'make the link', access: 'use' }

/** What the operating system refused, as a sentence: `cannot open x: permission denied (EACCES)`; other errors as they say it. */
export function reasonOf (error: unknown): string {
  const { code, syscall, path } = typeof error === 'object' && error !== null ? error as NodeJS.ErrnoException : {}
  const call = CALLS[syscall ?? '']
  if (code === undefined || call === undefined) return messageOf(error)
  return `cannot ${call}${path === undefined ? '' : ` ${path}`}: ${plainReason(error)}`
}

/** The operating system's reason alone, `permission denied (EACCES)`; what other errors say as it is. */
export function plainReason (error: unknown): string {
  const message = messageOf(error)
  const [, code, reason] = /^([A-Z][A-Z0-9]+): ([^,]+), \w+/.exec(message) ?? []
  return code === undefined ? message : `${reason} (${code})`
}

export function messageOf (error: unknown): string {
  // Not `instanceof`: node's own errors come from another realm under Jest.
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}

export function oneLine (text: string): string {
  return printable(text.trim())
}

function indent (text: string): string {
  return printableLines(text).map(line => `    ${line}`).join('\n')
}
