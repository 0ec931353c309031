/**
 * The algebra of a datum alone, in one process: map tasks and reduce tasks over made input, and in turn a plain loop of
 * the same map function as the floor. No cluster, no sandbox: what is measured here is `libs/mapreduce`.
 */
import { parseArgs } from 'node:util'
import type { Clock } from './mapreduce/clock.ts'
import { runFloor } from './mapreduce/floor.ts'
import { makeInput } from './mapreduce/input.ts'
import { runTasks } from './mapreduce/tasks.ts'
import { WORKLOADS } from './mapreduce/workloads.ts'

const HELP = `node --conditions=@ipfs-mapreduce/source tools/benchmark/mapreduce.ts [WORKLOAD …] [options]

Workloads: ${[...WORKLOADS.keys()].join(', ')}. Default: all.

  --mib N         size of the input; default 64
  --runs N        times each is run, in turn with its floor; default 3
  --split-mib N   size of a map task's split; default 8, as for 256 MiB
  --reducers N    partitions; default 2
  --buffer-mib N  sort buffer; default that of jobs
  --no-floor      leaves the plain loop out, for a profile (node --cpu-prof)

Prints the medians: seconds of the thread on a processor, and on the wall. Inputs are kept in the folder for temporary files.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    mib: { type: 'string', default: '64' }, runs: { type: 'string', default: '3' }, 'split-mib': { type: 'string', default: '8' },
    reducers: { type: 'string', default: '2' }, 'buffer-mib': { type: 'string' }, floor: { type: 'boolean', default: true }, help: { type: 'boolean', default: false }
  }
})
const unknown = positionals.find(name => !WORKLOADS.has(name))
if (values.help || unknown !== undefined) {
  process.stdout.write(`${unknown === undefined ? '' : `There is no workload ${unknown}.\n\n`}${HELP}\n`)
  process.exit(values.help ? 0 : 2)
}
const mib = Number(values.mib)
for (const name of positionals.length > 0 ? positionals : WORKLOADS.keys()) await measure(name)

async function measure (name: string): Promise<void> {
  const workload = WORKLOADS.get(name)!
  const path = makeInput(workload.input, mib)
  const clocks: Record<string, Clock[]> = {}
  const note = (what: string, clock: Clock): void => { (clocks[what] ??= []).push(clock) }
  for (let run = 0; run < Number(values.runs); run++) {
    const tasks = await runTasks(workload, path, {
      splitBytes: Number(values['split-mib']) * 2 ** 20,
      reducers: Number(values.reducers),
      ...(values['buffer-mib'] !== undefined && { bufferBytes: Number(values['buffer-mib']) * 2 ** 20 })
    })
    note('map', tasks.map)
    note('reduce', tasks.reduce)
    note('both', { wallMs: tasks.map.wallMs + tasks.reduce.wallMs, threadMs: tasks.map.threadMs + tasks.reduce.threadMs })
    if (!values.floor) continue
    const floor = runFloor(workload, path)
    note('floor', floor.clock)
    if (floor.outputBytes !== tasks.outputBytes) throw new Error(`${name} wrote ${tasks.outputBytes} bytes, its floor ${floor.outputBytes}`)
  }
  const medians = Object.entries(clocks).map(([what, all]) => `${what} ${shown(all.map(({ threadMs }) => threadMs))} (wall ${shown(all.map(({ wallMs }) => wallMs))})`)
  process.stdout.write(`${name}, ${mib} MiB: ${medians.join(', ')}; peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB\n`)
}

function shown (ms: number[]): string {
  return `${(median(ms) / 1000).toFixed(2)} s`
}

function median (numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!
}
