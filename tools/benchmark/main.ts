import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { startCluster } from './cluster.ts'
import { writeText } from './input.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const HELP = `npm run bench -- word-count [--mib 256] [--runs 3] [--reducers 2] [--cluster-only]

Counts the words of a made text (seeded, Zipf's law) on 1 master, 2 mappers and 2 reducers, each a process with one slot,
and in turn in one process by the sequential oracle over the plain file. The mappers hold the input's blocks.
Prints each pair, the medians, their ratio, and peak memory; fails where the outputs differ.`

interface Measured { seconds: number, digest: string }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mib: { type: 'string', default: '256' }, runs: { type: 'string', default: '3' }, reducers: { type: 'string', default: '2' },
    'cluster-only': { type: 'boolean', default: false }, help: { type: 'boolean', default: false }
  }
})
if (values.help || positionals[0] !== 'word-count') {
  process.stdout.write(`${HELP}\n`)
  process.exit(values.help ? 0 : 2)
}
const directory = await mkdtemp(join(tmpdir(), 'ipmr-bench-'))
try {
  await wordCount(Number(values.mib), Number(values.runs), Number(values.reducers), values['cluster-only'])
} finally {
  await rm(directory, { recursive: true, force: true })
}

async function wordCount (mib: number, runs: number, reducers: number, clusterOnly: boolean): Promise<void> {
  const text = join(directory, 'text.txt')
  const repo = join(directory, 'repo')
  say(`word-count over ${mib} MiB on ${cpus().length} cores (${cpus()[0]!.model}), Node ${process.version}`)
  await writeText(text, mib)
  const cid = await ipmr('add', text, '--data-dir', repo)
  const cluster = await startCluster({ root, directory, store: join(repo, '1'), mappers: 2, reducers: 2 })
  try {
    const clusterRuns: number[] = []
    const sequentialRuns: number[] = []
    for (let i = 1; i <= runs; i++) {
      const onCluster = await measureCluster(cluster.address, cid, repo, reducers, join(directory, `out-${i}`))
      clusterRuns.push(onCluster.seconds)
      if (clusterOnly) {
        say(`run ${i}: cluster ${onCluster.seconds.toFixed(2)} s`)
        continue
      }
      const inOne = await measureSequential(text, reducers)
      sequentialRuns.push(inOne.seconds)
      if (inOne.digest !== onCluster.digest) throw new Error('the cluster\'s output differs from the oracle\'s')
      say(`run ${i}: cluster ${onCluster.seconds.toFixed(2)} s, sequential ${inOne.seconds.toFixed(2)} s, ratio ${(inOne.seconds / onCluster.seconds).toFixed(2)}, outputs equal`)
    }
    summarise(mib, clusterRuns, sequentialRuns)
    say(`peak resident MiB: ${JSON.stringify(await cluster.peakMiB() ?? 'not told by this system')}`)
  } finally {
    await cluster.stop()
  }
}

/** From submission to the result being stored, as the master times it. */
async function measureCluster (address: string, cid: string, repo: string, reducers: number, output: string): Promise<Measured> {
  const report = JSON.parse(await ipmr('run', 'word-count', cid, '--connect', address, '--cluster', 'benchmark', '--reducers', String(reducers), '--data-dir', repo, '--output', output, '--json', '--quiet')) as { seconds: { total: number } }
  const parts = (await readdir(output)).filter(name => name.startsWith('part-')).sort().map(name => join(output, name))
  return { seconds: report.seconds.total, digest: await digest(parts) }
}

async function measureSequential (text: string, reducers: number): Promise<Measured> {
  const output = join(directory, 'sequential.txt')
  const { stdout } = await run(process.execPath, [
    '--conditions=@ipfs-mapreduce/source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--max-old-space-size=8192',
    fileURLToPath(new URL('./sequential-main.ts', import.meta.url)), text, String(reducers), output
  ])
  return { seconds: (JSON.parse(stdout) as { seconds: number }).seconds, digest: await digest([output]) }
}

async function ipmr (...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(root, 'apps/cli/bin/ipmr.mjs'), ...args], { maxBuffer: 64 * 1024 * 1024 })
  return stdout.trim()
}

async function digest (paths: string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function summarise (mib: number, clusterRuns: number[], sequentialRuns: number[]): void {
  const cluster = median(clusterRuns)
  say(`cluster     median ${cluster.toFixed(2)} s (${range(clusterRuns)}), ${(mib / cluster).toFixed(1)} MiB/s`)
  if (sequentialRuns.length === 0) return
  const sequential = median(sequentialRuns)
  say(`sequential  median ${sequential.toFixed(2)} s (${range(sequentialRuns)}), ${(mib / sequential).toFixed(1)} MiB/s`)
  say(`the cluster is ${(sequential / cluster).toFixed(2)} times as fast as the sequential run`)
}

function median (numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function range (numbers: number[]): string {
  return `${Math.min(...numbers).toFixed(2)}–${Math.max(...numbers).toFixed(2)}`
}

function say (line: string): void {
  process.stdout.write(`${line}\n`)
}
