import { execFile } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'
import { ROOT } from './layout.ts'
import type { Machine } from './results.ts'

const run = promisify(execFile)
const HASH_CHARS = 10
const MIB = 1024 * 1024
/** What can change a figure: results and prose do not. */
const SOURCES = ['apps', 'libs', 'tools', 'package-lock.json', ':!tools/benchmark/results', ':!*.md']

/** The commit that is measured: its short hash, with `-dirty` where what it is made of was changed since. */
export async function currentCommit (): Promise<string> {
  const git = async (...args: string[]): Promise<string> => (await run('git', args, { cwd: ROOT })).stdout.trim()
  const hash = await git('rev-parse', `--short=${HASH_CHARS}`, 'HEAD')
  return await git('status', '--porcelain', '--', ...SOURCES) === '' ? hash : `${hash}-dirty`
}

export function thisMachine (): Machine {
  const all = cpus()
  return { cpu: all[0]?.model.trim() ?? 'unknown', cores: all.length, memoryMiB: Math.round(totalmem() / MIB), system: `${type()} ${release()}`, node: process.version }
}
