import { expect } from '@jest/globals'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { compareText } from '../files/text-order.ts'
import type { InputFiles } from './client.ts'
import { findProgram } from './program-bundle.ts'
import type { World } from './world.spec.support.ts'

/** The output files of a job, as text. */
export function parts ({ files }: Pick<World, 'files'>, { result }: JobStatus): string[] {
  return files.list(result!)!.map(({ cid }) => new TextDecoder().decode(files.content(cid)))
}

/** The keys of an output file, in its order. */
export function keys (part: string): string[] {
  return part.split('\n').slice(0, -1).map(line => line.split(' ')[0]!)
}

/** The job has succeeded with the bytes and the counters of a sequential run of its program. */
export async function expectSequential ({ files, around }: Pick<World, 'files' | 'around'>, status: JobStatus, input: InputFiles): Promise<void> {
  const { programName, reducers, args, separator, skipBadRecords } = status.spec
  const encoder = new TextEncoder()
  const whole = Object.entries(input).sort(([a], [b]) => compareText(a, b)).map(([path, content]) => ({ path, content: typeof content === 'string' ? encoder.encode(content) : content }))
  const oracle = await sequential(findProgram(around.programs, programName), whole, { reducers, args, separator, skipBadRecords })
  expect({ state: status.state, reason: status.reason }).toEqual({ state: 'succeeded', reason: undefined })
  expect(parts({ files }, status)).toEqual(oracle.parts.map(part => new TextDecoder().decode(part)))
  expect(status.counters).toMatchObject(oracle.counters)
}

/** The master's disk keeps the result and its record, and nothing else. */
export function expectOnlyResult ({ files }: Pick<World, 'files'>, { result, record }: JobStatus): void {
  const { maps, reduces } = files.record(record!) as { maps: string[], reduces: string[] }
  expect([...files.disk('master').pins].sort()).toEqual([result!, record!, ...maps, ...reduces].sort())
}
