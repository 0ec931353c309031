import { createVirtualJournals } from '../journal/virtual-journals.ts'
import { createWorld, type WorldInit } from './world.spec.support.ts'

export interface JournaledInit extends WorldInit {
  /** Virtual milliseconds that writing an entry takes. */
  journalMs?: number
}

/** A world whose master keeps a journal, and goes on with it after a crash. */
export function createJournaledWorld ({ journalMs, ...init }: JournaledInit) {
  const w = createWorld(init)
  const journals = createVirtualJournals({ clock: w.clock, random: w.random.fork('journals'), ...journalMs !== undefined && { diskMs: journalMs } })
  let lives = 0
  const start = (): void => { w.master('master', { journal: journals.open, random: w.around.random.fork(`life ${++lives}`) }) }
  start()
  return {
    ...w,
    journals,
    /** Kills the master and starts it again. */
    async restart (awayMs = 100): Promise<void> {
      w.network.crash('master')
      await w.clock.advance(awayMs)
      start()
    },
    start
  }
}
