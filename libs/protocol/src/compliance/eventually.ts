/** How long a condition may take to come true on a busy machine. */
export const DEADLINE_MS = 15_000
const INTERVAL_MS = 20

/** Waits until a condition holds, trying again after INTERVAL_MS; throws past DEADLINE_MS, naming what did not come. */
export async function eventually (what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!await holds()) {
    if (performance.now() > deadline) { throw new Error(`After ${DEADLINE_MS} ms still not so: ${what}`) }
    await new Promise(resolve => { setTimeout(resolve, INTERVAL_MS) })
  }
}
