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
    .addHelpText('after', examples(
      ['ipmr cat bafybei… | sort -k2,2nr | head', 'the most frequent words of a result'],
      ['ipmr cat ipfs://bafybei…/part-r-00000', 'one part of it']
    ))
    .action(async (cid: string, options: CatOptions) => {
      const { cat } = await import('../content/cat.ts')
      await cat(cid, options, context)
    })
}
