import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path'
import type { CommandContext } from '../commands/context.ts'
import { UsageError } from '../errors.ts'
import { workspaceRoot } from '../layout.ts'
import { libraryFiles } from './library.ts'
import { LIBRARY, projectFiles, VENDOR_DIR } from './templates.ts'

export interface InitOptions { json?: boolean }

/** `ipmr init`: a program that runs, is tested, and whose types an editor finds; nothing is fetched for it. */
export async function init (typed: string, { json = false }: InitOptions, { print }: CommandContext): Promise<void> {
  const dir = resolve(typed)
  const vendored = Object.entries(await libraryFiles()).map(([name, text]): [string, string] => [`${VENDOR_DIR}/${name}`, text])
  const files = [...Object.entries(projectFiles(packageName(dir))), ...vendored]
  await refuseToOverwrite(dir, typed, files.map(([name]) => name))
  for (const [name, text] of files) await writeNew(join(dir, name), text)
  await link(dir)
  const names = files.map(([name]) => name)
  await print(json ? `${JSON.stringify({ dir, files: names }, null, 2)}\n` : report(typed, dir))
}

/** Whatever is there is somebody's: all is written, or nothing. */
async function refuseToOverwrite (dir: string, typed: string, names: string[]): Promise<void> {
  if (existsSync(dir) && !await isDirectory(dir)) throw new UsageError(`${typed} is a file: name a directory, such as ipmr init ${typed}-program`)
  const there = [...names, `node_modules/${LIBRARY}`].filter(name => existsSync(join(dir, name)))
  if (there.length > 0) throw new UsageError(`will not write over ${there.slice(0, 3).join(', ')}${there.length > 3 ? ' and others' : ''} in ${typed}: name another directory, or move them away`)
}

async function isDirectory (path: string): Promise<boolean> {
  try {
    await readdir(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}

async function writeNew (path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text, { flag: 'wx' })
}

/** What `npm install` would make of the dependency, so that it is not needed. */
async function link (dir: string): Promise<void> {
  const path = join(dir, 'node_modules', ...LIBRARY.split('/'))
  await mkdir(dirname(path), { recursive: true })
  const target = join(dir, VENDOR_DIR)
  // A junction needs no rights on Windows, and has to be absolute.
  await symlink(process.platform === 'win32' ? target : relative(dirname(path), target), path, 'junction')
}

/** A name that npm takes. */
function packageName (dir: string): string {
  return basename(dir).toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || 'program'
}

function report (typed: string, dir: string): string {
  const ipmr = howToCall(dir)
  return [
    `Wrote to ${typed}:`,
    '  program.ts        the program: map, combine and reduce, with their types',
    '  program.test.js   its test',
    '  sample.txt        something to run it on',
    `  ${VENDOR_DIR}  what it imports; node_modules has a link to it`,
    '',
    'Next:',
    ...dir === process.cwd() ? [] : [`  cd ${typed}`],
    '  npm test                                # on Node 22.18 or later',
    `  ${ipmr} run --local program.ts sample.txt    # in one process, to debug`,
    `  ${ipmr} run program.ts sample.txt -o out     # on a local cluster`,
    ''
  ].join('\n')
}

/** How this command is typed in a directory: by its name where a shell finds it. */
function howToCall (dir: string): string {
  const root = workspaceRoot()
  if (!relative(root, dir).startsWith('..')) return 'npx ipmr'
  // `npx` puts its own folders before the shell's, and they are gone when it is.
  const found = (process.env.PATH ?? '').split(delimiter).some(bin => !bin.includes('node_modules') && existsSync(join(bin, 'ipmr')))
  return found ? 'ipmr' : `node ${join(root, 'apps', 'cli', 'bin', 'ipmr.mjs')}`
}
