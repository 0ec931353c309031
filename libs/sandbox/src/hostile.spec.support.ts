import { afterAll, beforeAll, expect } from '@jest/globals'
import type { MapReduceError, TaskResult } from '@ipfs-mapreduce/mapreduce'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import type { SandboxInit } from './sandbox.ts'
import { collect, LINE, mapWork, options, program, testSandbox, wordCount } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'

const executor = bundledExecutor()

/** A sandbox for the tests of one group, each of which has to leave it as it was. One slot is for honest attempts, which keep their executor. */
export let test: TestSandbox
export function inSandbox (init: Partial<SandboxInit> = {}): void {
  beforeAll(async () => {
    test = testSandbox({ entry: executor.entry, slots: 2, maxHeapMiB: 128, maxCallMs: 20_000, maxScratchBytes: 8e6, ...init })
    honest = await bytesOfRuns(await attempt(wordCount, 'honest'))
  })
  afterAll(() => test.remove())
}

/** The runs of a word count that nothing has gone before. */
export let honest: string

export async function bytesOfRuns ({ outputs, release }: TaskResult): Promise<string> {
  const runs = await Promise.all(outputs.map(output => collect(output.content())))
  await release()
  return Buffer.concat(runs).toString('hex')
}

export function attempt (bundle: Uint8Array, job = 'hostile'): Promise<TaskResult> {
  return test.sandbox.execute(mapWork(LINE.length), options(bundle, { job }))
}

/** What a program's map emits as its only key. */
export async function emitted (expression: string, more?: string): Promise<string> {
  const run = Buffer.from(await bytesOfRuns(await attempt(program(`emit('<' + (${expression}) + '>', 1)`, more))), 'hex').toString()
  return /<(.*)>/s.exec(run)![1]!
}

/** The attempt fails as it should, and what comes after it is exact. */
export async function expectFailure (bundle: Uint8Array, expected: Partial<MapReduceError>): Promise<void> {
  await expect(attempt(bundle)).rejects.toMatchObject(expected)
  expect(await bytesOfRuns(await attempt(wordCount, 'honest'))).toBe(honest)
}

export const said = (text: string | RegExp) => expect.stringMatching(text) as unknown as string
