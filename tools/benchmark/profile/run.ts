import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { PARTITIONS } from '../client.ts'
import { withCluster } from '../job-contender.ts'
import type { JobContenderInit } from '../job-contender.ts'
import { withBounds } from '../sampling.ts'
import { ROOT } from '../layout.ts'
import { byPackage, hottest } from './hottest.ts'
import type { CpuProfile, Hottest } from './hottest.ts'
import type { TasksInit } from './tasks-main.ts'

const SHOWN_FUNCTIONS = 12
const SHOWN_PACKAGES = 8
const NAME_WIDTH = 36
/** `CPU.DATE.TIME.PID.THREAD.NUMBER.cpuprofile`. */
const PROFILE_OF_PROCESS = /^CPU\.\d+\.\d+\.(\d+)\.\d+\.\d+\.cpuprofile$/

/** Runs a job once on a cluster whose services are profiled, and its tasks once in a process by themselves; returns what to print. */
export async function profileJob (bench: Bench, { input, job, range = false }: JobContenderInit): Promise<string> {
  const directory = await bench.folder('profile')
  const names = await withCluster(bench, { store: input.store, mappers: bench.staff.mappers, nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${directory}`] }, async (cluster, client) => {
    const prepared = await client.prepare({ ...job, input: input.cid })
    const spec = range ? await withBounds(bench, prepared.spec, job.path, input) : prepared.spec
    const pids = cluster.pids()
    const { seconds } = await client.run(spec, bench.signal)
    bench.say(`  profiled the services in ${seconds.toFixed(1)} s; now the tasks by themselves`)
    await profileTasks(bench, { store: input.store, input: input.cid, program: job.path, args: job.args ?? {}, reducers: PARTITIONS, bounds: spec.bounds, directory })
    return pids
  })
  const sections: string[] = []
  for (const file of (await readdir(directory)).sort()) {
    const pid = PROFILE_OF_PROCESS.exec(file)?.[1]
    const name = pid === undefined ? `${file.replace('.cpuprofile', '')} tasks, as an executor runs them` : names.get(Number(pid))
    if (name !== undefined) sections.push(render(name, await hottest(JSON.parse(await readFile(join(directory, file), 'utf8')) as CpuProfile)))
  }
  return sections.sort().join('\n')
}

async function profileTasks (bench: Bench, init: TasksInit): Promise<void> {
  await bench.processes.run(process.execPath, [
    '--conditions=@ipfs-mapreduce/source', '--disable-warning=ExperimentalWarning', join(ROOT, 'tools/benchmark/profile/tasks-main.ts'), JSON.stringify(init)
  ])
}

function render (name: string, { busySeconds, functions }: Hottest): string {
  const rows = functions.slice(0, SHOWN_FUNCTIONS).map(({ name, place, selfSeconds }) =>
    `  ${selfSeconds.toFixed(2).padStart(7)} s ${(100 * selfSeconds / busySeconds).toFixed(1).padStart(5)} %  ${name.padEnd(NAME_WIDTH)}  ${place}`.trimEnd())
  const packages = byPackage(functions).slice(0, SHOWN_PACKAGES).map(([name, seconds]) => `${name} ${(100 * seconds / busySeconds).toFixed(0)} %`)
  return [`${name}: ${busySeconds.toFixed(2)} s busy: ${packages.join(', ')}`, ...rows, ''].join('\n')
}
