import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Role } from '@ipfs-mapreduce/protocol'

/** Where things lie on disk, whether this runs from its bundle or from its sources. */

let root: string | undefined

/** The workspace's root: the directory above this file that has the services. */
export function workspaceRoot (): string {
  if (root !== undefined) return root
  let dir = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(dir, 'apps', 'master'))) {
    const parent = dirname(dir)
    if (parent === dir) throw new Error('the services that belong to ipmr are not above it on disk: run it from a whole checkout')
    dir = parent
  }
  root = dir
  return root
}

/** A service's bundle. */
export function serviceBundle (role: Exclude<Role, 'client' | 'worker'>): string {
  return join(workspaceRoot(), 'apps', role, 'dist', 'bundle', 'main.mjs')
}

/** The entry of executor processes, bundled beside the CLI. */
export function executorBundle (): string {
  return join(workspaceRoot(), 'apps', 'cli', 'dist', 'bundle', 'executor.mjs')
}

/** `~/.ipmr`: what this machine keeps. */
export function homeDir (): string {
  return join(homedir(), '.ipmr')
}
