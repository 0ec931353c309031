/** What something took: on the clock on the wall, and of the thread's own time on a processor, which a busy machine does not stretch. */
export interface Clock {
  wallMs: number
  threadMs: number
}

/** Starts a clock; the function returned reads it. */
export function startClock (): () => Clock {
  const startMs = performance.now()
  const start = process.threadCpuUsage()
  return () => {
    const { user, system } = process.threadCpuUsage(start)
    return { wallMs: performance.now() - startMs, threadMs: (user + system) / 1000 }
  }
}
