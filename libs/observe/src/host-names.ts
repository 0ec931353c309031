import { isIP } from 'node:net'

/** Whether an address or name is this machine alone. */
export function isLoopback (host: string): boolean {
  return host === '::1' || host === 'localhost' || host.endsWith('.localhost') || (isIP(host) === 4 && host.startsWith('127.'))
}

/** The name in a Host header, without port and brackets, in small letters. */
export function hostName (header: string): string {
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(header)
  return (bracketed?.[1] ?? header.replace(/:\d*$/, '')).toLowerCase()
}

/**
 * Whether a request's Host header may be answered. A page elsewhere whose name is made to point at this machine (DNS
 * rebinding) is told by that name: only loopback's names pass, or, where the server listens beyond, the name that
 * it listens at and bare addresses, which nobody can rebind.
 */
export function isExpectedHost (header: string | undefined, listensAt: string): boolean {
  if (header === undefined) return false
  const name = hostName(header)
  if (isLoopback(name)) return true
  return !isLoopback(listensAt) && (name === listensAt.toLowerCase() || isIP(name) !== 0)
}
