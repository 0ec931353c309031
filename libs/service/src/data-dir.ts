import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { BLOCKS } from './block-folders.ts'

/** Keeps nothing. */
export const IN_MEMORY = ':memory:'
const OWNER_ONLY = 0o700
const ROLES = ['master', 'mapper', 'reducer']
/** Services of one role that one person may run on one machine without naming their folders. */
export const MAX_DATA_DIRS = 64

/** The folder of the n-th service of a role on this machine, from 1: `~/.ipmr/local/mapper`, `~/.ipmr/local/mapper-2`. */
export function defaultDataDir (cluster: string, role: string, n: number, home = homedir()): string {
  return join(home, '.ipmr', cluster, n === 1 ? role : `${role}-${n}`)
}

export interface DataDirChoice<Store> {
  /** What the person chose; undefined takes the first free default. */
  chosen: string | undefined
  cluster: string
  role: string
  home?: string
  /** `others` are folders of blocks to read from: those of this person's other services of the cluster, where nobody chose a directory. */
  open: (dataDir: string, others: string[]) => Promise<Store>
  /** Whether `open` failed because another process holds the folder. */
  isTaken: (error: unknown) => boolean
}

/**
 * Opens the chosen data directory, or the first default one that no other process holds.
 *
 * @throws what `open` throws: for a chosen directory that is taken, too
 */
export async function openDataDir<Store> (choice: DataDirChoice<Store>): Promise<{ dataDir: string, store: Store }> {
  const { chosen, cluster, role, home, isTaken } = choice
  const open = async (dataDir: string, others: string[]): Promise<Store> => {
    // The peer's private key lies in it.
    if (dataDir !== IN_MEMORY) await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY })
    return await choice.open(dataDir, others)
  }
  if (chosen !== undefined) return { dataDir: chosen, store: await open(chosen, []) }
  for (let n = 1; n <= MAX_DATA_DIRS; n++) {
    const dataDir = defaultDataDir(cluster, role, n, home)
    try {
      return { dataDir, store: await open(dataDir, siblingBlocks(cluster, dataDir, home)) }
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
  throw new MapReduceError('STORAGE', `${MAX_DATA_DIRS} services of role ${role} run here already: name a folder with --data-dir`)
}

/** Of the default directories those that are there, and the first of each role, which may come later; all but `dataDir`. */
function siblingBlocks (cluster: string, dataDir: string, home: string | undefined): string[] {
  const first = ROLES.map(role => defaultDataDir(cluster, role, 1, home))
  const parent = dirname(first[0]!)
  const found = existsSync(parent) ? readdirSync(parent).map(name => join(parent, name)).filter(path => existsSync(join(path, BLOCKS))) : []
  return [...new Set([...first, ...found])].filter(path => path !== dataDir).map(path => join(path, BLOCKS))
}

/**
 * Makes the empty folder where attempts keep temporary files: inside the data directory, whose lock keeps others
 * out, so that what a killed service left is cleared by the next; in the system's temporary folder without one.
 */
export async function openScratch (dataDir: string): Promise<{ path: string, close: () => void }> {
  const path = dataDir === IN_MEMORY ? await mkdtemp(join(tmpdir(), 'ipmr-scratch-')) : join(dataDir, 'scratch')
  await rm(path, { recursive: true, force: true })
  await mkdir(path, { recursive: true, mode: OWNER_ONLY })
  return { path, close: () => { rmSync(path, { recursive: true, force: true }) } }
}
