/**
 * Whether less than `ms` have passed since a time. A clock that was set back has lost count: what waits for the time to pass
 * must not wait for it to come round again.
 */
export function within (nowMs: number, sinceMs: number, ms: number): boolean {
  return nowMs >= sinceMs && nowMs - sinceMs < ms
}
