import { inProcessExecutor, sampleBounds, type Bounds } from '@ipfs-mapreduce/mapreduce'
import { findProgram } from '../cluster/program-bundle.ts'
import { compareText } from '../files/text-order.ts'
import { BEHAVED } from '../programs/simulated.ts'
import type { JobPlan } from './scenario.ts'

/** The bounds of each plan whose program partitions by range, sampled as a client samples them: before time begins. */
export async function boundsOf (plans: readonly JobPlan[]): Promise<Map<JobPlan, Bounds>> {
  const sampled = new Map<JobPlan, Bounds>()
  for (const plan of plans) {
    const bounds = Object.hasOwn(BEHAVED, plan.program) && findProgram(BEHAVED, plan.program).partition === 'range' ? await sample(plan) : undefined
    if (bounds !== undefined) sampled.set(plan, bounds)
  }
  return sampled
}

async function sample ({ program, files, args, reducers, skipBadRecords }: JobPlan): Promise<Bounds | undefined> {
  const behaved = findProgram(BEHAVED, program)
  const contents = new Map(Object.entries(files).sort(([a], [b]) => compareText(a, b)).map(([path, text]) => [path, new TextEncoder().encode(text)]))
  return await sampleBounds({ input: '', inputFormat: behaved.input, args, reducers, skipBadRecords }, {
    files: {
      walk: async function * () { for (const [path, content] of contents) yield { path, cid: path, bytes: content.length } },
      read: async function * (file, { offset = 0, length = Infinity } = {}) { yield contents.get(file)!.subarray(offset, offset + length) }
    },
    executor: inProcessExecutor({ load: async () => behaved }),
    program: new Uint8Array(0),
    signal: new AbortController().signal
  })
}
