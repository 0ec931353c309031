import { Command } from 'commander'
import type { CatOptions } from '../content/cat.ts'
import type { CommandContext } from './context.ts'
import { addDoorOptions, addIpfsOptions, clusterOption, connectOption, dataDirOption, examples } from './options.ts'

export function catCommand (context: CommandContext): Command {
  return addIpfsOptions(addDoorOptions(new Command('cat')))
    .summary('write content to stdout')
    .description('Writes a file to stdout, or the files of a directory one after the other, ordered by path.')
    .argument('<cid>', 'CID, CID/path, ipfs://CID/path or /ipfs/CID/path')
    .addOption(connectOption('fetch what is not here from this master'))
    .addOption(clusterOption())
    .addOption(dataDirOption())
    .option('--json', 'print a line of JSON for each line of a file: path, below the CID; offset, in bytes; line, or base64 where it is no UTF-8; more, of a piece of a line over 1 MiB')
    .addHelpText('after', examples(
      ['ipmr cat bafybei… | sort -k2,2nr | head', 'the most frequent words of a result'],
      ['ipmr cat ipfs://bafybei…/part-r-00000', 'one part of it'],
      ['ipmr cat bafybei… --json | jq -r \'select(.path == "part-r-00000") | .line\'', 'the same in a script']
    ))
    .action(async (cid: string, options: CatOptions) => {
      const { cat } = await import('../content/cat.ts')
      await cat(cid, options, context)
    })
}
