import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tarball } from './pack.ts'
import type { Example } from './readme.ts'

/** What the READMEs tell people to install beside the packages, and what it takes to check types. */
export const BESIDE = ['helia', '@libp2p/gossipsub', '@libp2p/identify', '@libp2p/noise', '@libp2p/tcp', '@libp2p/yamux', 'xstate', 'libp2p', 'typescript', '@types/node']

const INSTALL_TIMEOUT_MS = 5 * 60_000
/** A cluster in one process starts, runs a job and stops in a few seconds. */
const EXAMPLE_TIMEOUT_MS = 60_000

interface Lock { packages: Record<string, Record<string, unknown> & { version?: string, link?: boolean }> }

/**
 * An empty project with the tarballs installed by npm. The workspace's lock file says which versions of others' packages they get, so that
 * npm asks the registry for nothing that the workspace's own install has left in its cache.
 */
export async function installProject (root: string, directory: string, tarballs: Tarball[]): Promise<void> {
  const { overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { overrides: Record<string, string> }
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  const beside = Object.fromEntries(BESIDE.map(name => [name, lock.packages[`node_modules/${name}`]?.version ?? 'latest']))
  const manifest = { name: 'readme', version: '0.0.0', private: true, type: 'module', dependencies: { ...beside, ...Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`])) }, overrides }
  const others = Object.entries(lock.packages).filter(([path, { link }]) => path.startsWith('node_modules/') && link !== true)
  const packages = { '': { name: manifest.name, version: manifest.version }, ...Object.fromEntries(others) }
  writeJson(join(directory, 'package.json'), manifest)
  writeJson(join(directory, 'package-lock.json'), { name: manifest.name, version: manifest.version, lockfileVersion: 3, requires: true, packages })
  await runIn(directory, 'npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], INSTALL_TIMEOUT_MS)
}

/** Writes the examples into the project and checks their types, with the declarations that were packed. Rejects with what the compiler says. */
export async function checkTypes (directory: string, examples: Example[]): Promise<void> {
  for (const { file, code } of examples) writeFileSync(join(directory, file), code)
  const compilerOptions = {
    target: 'es2024', lib: ['es2024', 'esnext.disposable'], module: 'nodenext', types: ['node'], strict: true, noEmit: true, allowImportingTsExtensions: true,
    verbatimModuleSyntax: true, erasableSyntaxOnly: true, skipLibCheck: true
  }
  writeJson(join(directory, 'tsconfig.json'), { compilerOptions, include: ['*.ts'] })
  await runIn(directory, process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], INSTALL_TIMEOUT_MS)
}

/** Runs one example as its own process. Rejects where it fails, does not end, or prints something else than the README says. */
export async function runExample (directory: string, { file, prints }: Example): Promise<void> {
  const printed = await runIn(directory, process.execPath, [file], EXAMPLE_TIMEOUT_MS)
  if (prints !== undefined && printed.trimEnd() !== prints.trimEnd()) throw new Error(`it prints\n${printed.trimEnd()}\nand not\n${prints}`)
}

function writeJson (path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
}

/** What it prints to stdout. Rejects with all that it said where it fails or takes too long. */
async function runIn (cwd: string, command: string, args: string[], timeoutMs: number): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(`${[command.split('/').at(-1), ...args].join(' ')} ended with ${signal === null ? `exit status ${code}` : `${signal} after ${timeoutMs} ms`}:\n${stdout}${stderr}`))
    })
  })
}
