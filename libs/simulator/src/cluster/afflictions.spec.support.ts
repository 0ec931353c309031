import type { Executor, TaskResult, Work } from '@ipfs-mapreduce/mapreduce'
import type { Message } from '@ipfs-mapreduce/protocol'
import type { Surroundings } from './process.ts'
import type { World } from './world.spec.support.ts'

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

/** The process dies, and its disk with it. */
export function destroy ({ network, files }: Pick<World, 'network' | 'files'>, name: string): void {
  network.crash(name)
  files.wipe(name)
}

/** Requests of a type to a peer are lost from now on. Returns how to end that. */
export function loseRequests ({ network }: Pick<World, 'network'>, type: Message['type'], to: string): () => void {
  return network.intercept(delivery => delivery.to === to && delivery.cargo.kind === 'request' && delivery.cargo.message.type === type ? { drop: true } : undefined)
}

/** A worker's heartbeats are lost from now on. Returns how to end that. */
export function loseHeartbeats ({ network }: Pick<World, 'network'>, worker: string): () => void {
  return network.intercept(({ from, cargo }) => from === worker && cargo.kind === 'gossip' ? { drop: true } : undefined)
}

/** What a worker says and hears of its leases is lost from now on: its master gives it up, and it goes on. Returns how to end that. */
export function mute (w: Pick<World, 'network'>, worker: string): () => void {
  const ends = [loseHeartbeats(w, worker), loseRequests(w, 'attemptAborted', worker)]
  return () => { for (const end of ends) end() }
}

/** A worker is given up by its master and never learns it. What it completes is not heard of either; returns how to end that. */
export function isolate (w: Pick<World, 'network'>, worker: string): () => void {
  loseRequests(w, 'attemptAborted', worker)
  const ends = [loseHeartbeats(w, worker), loseReports(w, worker)]
  return () => { for (const end of ends) end() }
}

function loseReports ({ network }: Pick<World, 'network'>, worker: string): () => void {
  return network.intercept(({ from, cargo }) => from === worker && cargo.kind === 'request' && cargo.message.type === 'attemptCompleted' ? { drop: true } : undefined)
}
