import { fuzzDecoders } from '@ipfs-mapreduce/protocol/fuzz'
import { runCommand } from '../command/run.ts'
import { HELP, readOptions, type Options } from './options.ts'

/** Inputs between two lines of progress; each round has a seed of its own, which repeats it alone. */
const ROUND = 100_000

await runCommand({ help: HELP, read: readOptions, run })

/** True where the decoders took or refused everything. */
function run ({ inputs, seed }: Options): Promise<boolean> {
  const startedMs = performance.now()
  const sum = { taken: 0, refused: 0 }
  for (let done = 0; done < inputs; done += ROUND) {
    const round = { inputs: Math.min(ROUND, inputs - done), seed: seed + done / ROUND }
    try {
      const { taken, refused } = fuzzDecoders(round)
      sum.taken += taken
      sum.refused += refused
    } catch (error) {
      process.stdout.write(`FAILED with --inputs ${round.inputs} --seed ${round.seed}:\n${(error as Error).message}\n`)
      return Promise.resolve(false)
    }
    process.stdout.write(`${done + round.inputs} inputs: ${sum.taken} times taken, ${sum.refused} times refused\n`)
  }
  process.stdout.write(`seed ${seed}, ${((performance.now() - startedMs) / 1000).toFixed(0)} s: nothing but messages and refusals\n`)
  return Promise.resolve(true)
}
