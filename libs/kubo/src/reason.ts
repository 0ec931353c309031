import { MAX_REASON_CHARS } from './constants.ts'

/** What a failed question says, in one line: what the daemon answered, or why it could not be asked. */
export function reasonOf (error: unknown): string {
  const { name, message, cause } = error as { name?: string, message?: string, cause?: { code?: string, message?: string } }
  if (name === 'TimeoutError' || name === 'AbortError') return 'it does not answer'
  const reason = cause?.code ?? cause?.message ?? message ?? String(error)
  return reason.split('\n')[0]!.slice(0, MAX_REASON_CHARS)
}

/** Whether the daemon has answered that it does not have a block. */
export function saysAbsent (error: unknown): boolean {
  const { name, message = '' } = error as { name?: string, message?: string }
  return name === 'HTTPError' && /not found|could not find/i.test(message)
}
