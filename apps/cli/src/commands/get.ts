import { Command, Option } from 'commander'
import type { GetOptions } from '../content/get.ts'
import type { CommandContext } from './context.ts'
import { addDoorOptions, addIpfsOptions, clusterOption, connectOption, dataDirOption, examples, parseDirectory, quietOption } from './options.ts'

export function getCommand (context: CommandContext): Command {
  return addIpfsOptions(addDoorOptions(new Command('get')))
    .summary('write content to a file or directory')
    .description('Writes the file or directory of a CID to PATH, checked block by block. It is read from this machine\'s repo, or from the cluster that --connect names.')
    .argument('<cid>', 'CID, CID/path, ipfs://CID/path or /ipfs/CID/path')
    .addOption(new Option('-o, --output <path>', 'where to write it (default: the last part of CID/path)').argParser(parseDirectory))
    .addOption(connectOption('fetch what is not here from this master'))
    .addOption(clusterOption())
    .addOption(dataDirOption())
    .option('--json', 'print one JSON object: path, type, files, bytes')
    .addOption(quietOption())
    .addHelpText('after', examples(
      ['ipmr get bafybei… -o out', 'write a result to the directory out'],
      ['ipmr get bafybei…/part-r-00000 -o words.txt --connect local', 'fetch one part from the master of this machine']
    ))
    .action(async (cid: string, options: GetOptions) => {
      const { get } = await import('../content/get.ts')
      await get(cid, options, context)
    })
}
