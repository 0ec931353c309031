import { join } from 'node:path'
import noOpProgram from '../programs/no-op.ts'
import { WORD_COUNT } from '../programs/word-count.ts'
import type { Bench } from '../bench.ts'
import { Client } from '../client.ts'
import type { JobInit } from '../client.ts'
import { startCluster } from '../cluster.ts'
import { measureJob } from '../job-contender.ts'
import { ROOT } from '../layout.ts'
import { untilAtRest } from '../process-tree.ts'
import { OURS } from '../contender.ts'
import type { Stage, Workload } from '../workload.ts'

/** A novel's size: that of one text of the examples. */
export const NOVEL_BYTES = 581_000
const NO_OP = { path: join(ROOT, 'tools/benchmark/programs/no-op.ts'), name: 'no-op', format: noOpProgram.input }
/** Jobs before the clock starts: services and executors have run this program before. */
const WARM_UP_JOBS = 3
/** Different inputs at most, so that no result is there already; what is used again has been dropped long since. */
const MAX_INPUTS = 20

export const noOp: Workload = {
  name: 'no-op',
  title: 'a job that does nothing, on a warm cluster',
  unit: 'jobs',
  sizes: [1],
  quickSize: 1,
  sizable: false,
  turnsPerRun: 5,
  quickTurnsPerRun: 1,
  prepare: async (bench, _, turns) => await warmStage(bench, NO_OP, 1_000, turns)
}

export const smallJob: Workload = {
  name: 'small-job',
  title: 'count the words of one novel, on a warm cluster',
  unit: 'bytes',
  sizes: [NOVEL_BYTES],
  quickSize: NOVEL_BYTES,
  sizable: false,
  turnsPerRun: 5,
  quickTurnsPerRun: 1,
  prepare: async (bench, _, turns) => await warmStage(bench, WORD_COUNT, NOVEL_BYTES, turns)
}

/** One cluster for all runs, at rest before each: from the submission of a job to the news of its end. */
async function warmStage (bench: Bench, job: Omit<JobInit, 'input'>, bytes: number, turns: number): Promise<Stage> {
  const count = Math.min(turns + WARM_UP_JOBS, MAX_INPUTS)
  const paths: string[] = []
  for (let seed = 1; seed <= count; seed++) paths.push(await bench.input({ kind: 'text', size: bytes, seed }))
  const inputs = await bench.storeAll(paths)
  const directory = await bench.folder('cluster')
  const cluster = await startCluster({ processes: bench.processes, directory, store: inputs[0]!.store, ...bench.staff })
  const client = await Client.open(cluster, bench.signal)
  const run = async (turn: number): Promise<number> => {
    const { spec } = await client.prepare({ ...job, input: inputs[turn % count]!.cid })
    return (await client.run(spec, bench.signal)).seconds
  }
  for (let n = 1; n <= WARM_UP_JOBS; n++) await run(count - n)
  return {
    contenders: [{
      name: OURS,
      run: async turn => {
        // Executors serve one job: after it, those of the next are started.
        await untilAtRest(cluster.pids, bench.signal)
        return await measureJob(cluster, async () => ({ seconds: await run(turn) }))
      }
    }],
    close: async () => {
      await client.close()
      if (!bench.signal.aborted) await cluster.stop()
    }
  }
}
