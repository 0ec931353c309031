/** Set for the process that stays behind: it follows its job, and leaves it alone when it has to go. */
export const STAYS_BEHIND = 'IPMR_DETACHED'

export function staysBehind (): boolean {
  return process.env[STAYS_BEHIND] === '1'
}

/** What the process that stays behind tells of its job. */
export interface Accepted {
  job: string
  /** What it has to do until the job's end; absent where the cluster can do without it. */
  stays?: string
}

/** Tells who started this process that its job was accepted, and lets them go. */
export function tellAccepted (accepted: Accepted): void {
  if (!staysBehind() || process.send === undefined) return
  process.send(accepted, () => { if (process.connected) process.disconnect() })
}
