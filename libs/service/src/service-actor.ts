/** What the shell starts and stops: a master or a worker, with what it can say of itself. */
export interface ServiceActor {
  start: () => Promise<void>
  /** Takes no more work, finishes what it has, leaves. */
  drain: () => Promise<void>
  /** Why it cannot do its work yet, or just now, in words; undefined where it can. */
  waitsFor: () => string | undefined
  /** What a drain waits for, in words, such as `2 attempts left`; undefined where that is nothing. */
  remaining: () => string | undefined
  /** Gives up what runs and leaves at once. */
  stop: () => Promise<void>
}
