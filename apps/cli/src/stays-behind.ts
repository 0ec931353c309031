/** Set for the process that stays behind: it follows its job, and leaves it alone when it has to go. */
export const STAYS_BEHIND = 'IPMR_DETACHED'

export function staysBehind (): boolean {
  return process.env[STAYS_BEHIND] === '1'
}

/** Tells who started this process that its job was accepted, and lets them go. */
export function tellAccepted (job: string): void {
  if (!staysBehind() || process.send === undefined) return
  process.send({ job }, () => { if (process.connected) process.disconnect() })
}
