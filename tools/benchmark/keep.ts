import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chart } from './chart.ts'
import { chartName, page } from './page.ts'
import { merge } from './results.ts'
import type { Results } from './results.ts'

/** Keeps results under their commit, beside what was measured of it before, and draws the page and its charts anew. */
export async function keepResults (directory: string, measured: Results): Promise<string> {
  await mkdir(directory, { recursive: true })
  const path = join(directory, `${measured.commit}.json`)
  const before = (await readAll(directory)).find(({ commit }) => commit === measured.commit)
  const merged = before === undefined ? measured : merge({ ...measured, workloads: before.workloads }, measured.workloads)
  await writeFile(path, toJson(merged))
  const kept = (await readAll(directory)).sort((a, b) => newestOf(b).localeCompare(newestOf(a)))
  await removeCharts(directory)
  for (const result of kept[0]!.workloads) await writeFile(join(directory, chartName(result)), chart(result))
  await writeFile(join(directory, 'README.md'), page(kept))
  return path
}

export async function readResults (path: string): Promise<Results> {
  return JSON.parse(await readFile(path, 'utf8')) as Results
}

export function toJson (results: Results): string {
  return `${JSON.stringify(results, null, 2)}\n`
}

async function readAll (directory: string): Promise<Results[]> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.json'))
  return await Promise.all(names.map(async name => await readResults(join(directory, name))))
}

async function removeCharts (directory: string): Promise<void> {
  for (const name of await readdir(directory)) if (name.endsWith('.svg')) await rm(join(directory, name))
}

function newestOf ({ workloads }: Results): string {
  return workloads.map(({ at }) => at).sort().at(-1) ?? ''
}
