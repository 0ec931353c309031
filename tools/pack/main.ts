import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../command/run.ts'
import { pack, tarballFaults } from './pack.ts'
import type { Tarball } from './pack.ts'
import { packageFaults, publicPackages } from './packages.ts'
import type { PublicPackage } from './packages.ts'
import { HELP, readOptions } from './options.ts'
import type { Options } from './options.ts'
import { checkTypes, installProject, runExample } from './project.ts'
import { examplesOf } from './readme.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

await runCommand({ help: HELP, read: readOptions, run })

/** True where everything packed, installed and ran. */
async function run ({ out, check }: Options): Promise<boolean> {
  const packages = publicPackages(ROOT)
  const before = packageFaults(packages)
  if (before.length > 0) return told(before)
  const tarballs = await timed(`packed ${packages.length} packages into ${out}`, async () => await pack(ROOT, packages, out))
  for (const { name, bytes, files } of tarballs) say(`  ${name}  ${(bytes / 1024).toFixed(0)} KiB, ${files.length} files`)
  const faults = tarballs.flatMap(tarballFaults)
  if (faults.length > 0 || !check) return told(faults)
  const directory = mkdtempSync(join(tmpdir(), 'ipmr-pack-'))
  try {
    return told(await readmeFaults(directory, packages, tarballs))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Installs the tarballs in an empty project and runs what the READMEs show. */
async function readmeFaults (directory: string, packages: PublicPackage[], tarballs: Tarball[]): Promise<string[]> {
  await timed('installed them in an empty project', async () => { await installProject(ROOT, directory, tarballs) })
  const shown = packages.map(({ folder }) => ({ folder, examples: examplesOf(basename(folder), readFileSync(join(folder, 'README.md'), 'utf8')) }))
  await timed('the code of their READMEs has the right types', async () => { await checkTypes(directory, shown.flatMap(({ examples }) => examples)) })
  const faults: string[] = []
  for (const { folder, examples } of shown) {
    if (!examples.some(({ runs }) => runs)) faults.push(`libs/${basename(folder)}/README.md has no code that runs`)
    for (const example of examples.filter(({ runs }) => runs)) {
      const where = `libs/${basename(folder)}/README.md:${example.line}`
      try {
        await timed(`${where} runs`, async () => { await runExample(directory, example) })
      } catch (error) {
        faults.push(`${where}: ${(error as Error).message}`)
      }
    }
  }
  return faults
}

async function timed<T> (what: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  const result = await work()
  say(`${what} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`)
  return result
}

function told (faults: string[]): boolean {
  for (const fault of faults) say(`FAILED: ${fault}`)
  return faults.length === 0
}

function say (line: string): void {
  process.stdout.write(`${line}\n`)
}
