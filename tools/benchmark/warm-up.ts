import type { Bench } from './bench.ts'
import type { Client } from './client.ts'
import type { Cluster } from './cluster.ts'
import { textChunks } from './inputs/text.ts'
import { untilAtRest } from './process-tree.ts'
import { WORD_COUNT } from './programs/word-count.ts'
import { KIB, MIB } from './size.ts'

/** Enough tasks that V8 has compiled what services do for each, and a seed that no measured input has. */
const WARM_UP_BYTES = 4 * MIB
const WARM_UP_SPLIT_BYTES = 256 * KIB
const WARM_UP_SEED = 1_000

/** Runs one small job, as a cluster that stands has run some, and waits until nobody does anything. */
export async function warmUp (bench: Bench, cluster: Cluster, client: Client): Promise<void> {
  const input = await client.put(textChunks({ bytes: WARM_UP_BYTES, seed: WARM_UP_SEED }))
  const { spec } = await client.prepare({ ...WORD_COUNT, input })
  await client.run({ ...spec, splitBytes: WARM_UP_SPLIT_BYTES }, bench.signal)
  await untilAtRest(cluster.pids, bench.signal)
}
