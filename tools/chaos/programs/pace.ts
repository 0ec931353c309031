const clock = new Int32Array(new SharedArrayBuffer(4))

/**
 * Sleeps each time that it has been called so often, without the processor: a job that takes seconds on a busy
 * machine and on an idle one, so that there is time for faults.
 *
 * @param ms - 0 never sleeps
 */
export function pacer (calls: number): (ms: number) => void {
  let called = 0
  return ms => {
    if (++called % calls === 0 && ms > 0) Atomics.wait(clock, 0, 0, ms)
  }
}
