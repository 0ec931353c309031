import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { KUBO_VERSION } from './version.ts'

/** Why tests with a daemon are left out where there is no Kubo. */
export const NO_IPFS = 'no Kubo is here: put ipfs on the PATH, name it with IPFS_BIN, or let node tools/kubo/build.mjs build it, which takes Go'

/** Where `tools/kubo/build.mjs` keeps what it has built, whoever's home a test gives to its processes. */
export function builtIpfs (env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'] === undefined || env['XDG_CACHE_HOME'] === '' ? join(homedir(), '.cache') : env['XDG_CACHE_HOME']
  return join(cache, 'ipfs-mapreduce', `kubo-${KUBO_VERSION}`, 'ipfs')
}

/** The Kubo that `IPFS_BIN` names, or the first on the PATH, or the one that was built. */
export function findIpfs (env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env['IPFS_BIN'] !== undefined && env['IPFS_BIN'] !== '') return env['IPFS_BIN']
  const onPath = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '').map(folder => join(folder, 'ipfs'))
  return [...onPath, builtIpfs(env)].find(isExecutable)
}

function isExecutable (path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us: the next place is tried.
    return false
  }
}
