import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { plainReason, UsageError } from '../errors.ts'
import type { CommandContext } from './context.ts'
import { dataDirOption, examples } from './options.ts'

const DEFAULT_FILE = 'swarm.key'
/** Whoever reads the key may join. */
const OWNER_ONLY = 0o600

/** The two keys of a person who joins: the swarm's, and the machine's own. */
export function keyCommand (context: CommandContext): Command {
  return new Command('key')
    .summary('make a swarm key, or show this machine\'s peer id')
    .description([
      'Makes a swarm key: services and commands that are given the same --swarm-key connect with each other, and with nobody else.',
      'Copy the file to every machine by a way that you trust; Kubo reads the same format. With --id, shows instead the peer id of',
      'commands that use this --data-dir, for --allow and --accept-client of a service; one that runs beside another has an id of its own.'
    ].join('\n'))
    .argument('[file]', 'where to write the key; nothing is overwritten', DEFAULT_FILE)
    .option('--id', 'show the peer id, and make no key')
    .addOption(dataDirOption())
    .option('--json', 'print one JSON object: file, or peer')
    .addHelpText('after', examples(
      ['ipmr key swarm.key', 'make a key'],
      ['ipmr run word-count book.txt --swarm-key swarm.key --connect /ip4/192.168.1.5/tcp/4510', 'use it'],
      ['ipmr key --id', 'who this machine is']
    ))
    .action(async (file: string, { id, dataDir, json }: { id?: boolean, dataDir: string, json?: boolean }) => {
      const made = id === true ? { peer: await ownId(dataDir) } : { file: await writeKey(file) }
      await context.print(json === true ? `${JSON.stringify(made, null, 2)}\n` : `${Object.values(made).join('')}\n`)
    })
}

async function writeKey (file: string): Promise<string> {
  const { makeSwarmKey } = await import('@ipfs-mapreduce/network')
  try {
    await writeFile(file, makeSwarmKey(), { flag: 'wx', mode: OWNER_ONLY })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new UsageError(`${file} is there already, and its key may be in use: name another file`, '', { cause: error })
    throw new UsageError(`cannot write the key to ${file === '' ? '""' : file}: ${plainReason(error)}`, '', { cause: error })
  }
  return file
}

async function ownId (dataDir: string): Promise<string> {
  const [{ openRepo }, { loadOrCreateKey, peerIdOf }] = await Promise.all([import('../repo.ts'), import('@ipfs-mapreduce/network')])
  const { store } = await openRepo(dataDir)
  try {
    return peerIdOf(await loadOrCreateKey(store.datastore))
  } finally {
    await store.close()
  }
}
