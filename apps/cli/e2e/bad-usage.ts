import { expect } from '@jest/globals'
import type { Workbench } from './workbench.ts'

/** `ipmr` says in one line what is wrong with its arguments, and does nothing. */
export async function expectBadUsage (bench: Workbench, args: readonly string[], why: string): Promise<void> {
  const { exit, stdout, stderr } = await bench.ipmr(...args)
  expect(exit).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(why)
  expect(stderr.trim().split('\n')).toHaveLength(1)
}
