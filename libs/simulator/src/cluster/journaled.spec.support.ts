import type { Executor, TaskResult, Work } from '@ipfs-mapreduce/mapreduce'
import { createVirtualJournals } from '../journal/virtual-journals.ts'
import type { Surroundings } from './process.ts'
import { createWorld, type World, type WorldInit } from './world.spec.support.ts'

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

/** Starts a worker of the master whose executor is another. */
export function workerWith ({ worker }: Pick<World, 'worker'>, name: string, executor: (sound: Executor) => Executor, more: Partial<Surroundings> = {}): void {
  worker(name, ['master'], { ...more, afflict: () => ({ network: network => network, files: files => files, clock: clock => clock, executor }) })
}

/** Makes another output than was asked for: its last byte is another. */
export function lying (sound: Executor, lies: (work: Work) => boolean): Executor {
  return {
    async execute (work, options): Promise<TaskResult> {
      const honest = await sound.execute(work, options)
      if (!lies(work)) return honest
      return {
        ...honest,
        outputs: honest.outputs.map(output => ({
          ...output,
          async * content () { for await (const chunk of output.content()) yield chunk.map((byte, i) => i === chunk.length - 1 ? byte ^ 1 : byte) }
        }))
      }
    },
    close: () => sound.close()
  }
}

export async function allMapped ({ clock, lead }: Pick<World, 'clock' | 'lead'>, job: string, master = 'master'): Promise<void> {
  await clock.runUntil(() => {
    const maps = lead(master).job(job)?.maps
    return maps !== undefined && maps.total > 0 && maps.committed === maps.total
  }, 600_000, 'all maps have committed')
}

/** What a worker says and hears of its leases is lost from now on: its master gives it up, and it goes on. Returns how to end that. */
export function mute ({ network }: Pick<World, 'network'>, worker: string): () => void {
  return network.intercept(({ from, to, cargo }) =>
    (from === worker && cargo.kind === 'gossip') || (to === worker && cargo.kind === 'request' && cargo.message.type === 'attemptAborted') ? { drop: true } : undefined)
}
