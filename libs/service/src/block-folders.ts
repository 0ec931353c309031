import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'

/** What the folder of blocks in a data directory is called. */
export const BLOCKS = 'blocks'
/** Data directories of one kind that lie beside each other, as `~/.ipmr/cli` has them. */
const NUMBERED = /^\d+$/

/**
 * The folders of blocks that `--store` names: that of a data directory, those of the numbered ones in a folder, or one itself.
 * Throws `BAD_INPUT` where there are none: nothing would be found in it, and nobody would know why.
 */
export function blockFolders (folder: string): string[] {
  if (!existsSync(folder)) throw new MapReduceError('BAD_INPUT', `--store ${folder}: there is no such directory; name the data directory of a store on this machine`)
  if (basename(folder) === BLOCKS) return [folder]
  const inside = [folder, ...readdirSync(folder).filter(name => NUMBERED.test(name)).map(name => join(folder, name))]
  const found = inside.map(directory => join(directory, BLOCKS)).filter(existsSync)
  if (found.length === 0) throw new MapReduceError('BAD_INPUT', `--store ${folder}: there is no folder ${BLOCKS} in it; name the data directory of a store on this machine, such as ~/.ipmr/cli`)
  return found
}
