import { Command } from 'commander'
import type { AddOptions } from '../content/add.ts'
import type { CommandContext } from './context.ts'
import { chunkOption, dataDirOption, examples, ipfsApiOption, quietOption } from './options.ts'

export function addCommand (context: CommandContext): Command {
  return new Command('add')
    .summary('put files or directories into this machine\'s repo')
    .description('Puts files or directories into this machine\'s repo, as UnixFS with CIDv1 and raw leaves. Prints each PATH\'s CID on a line of its own.')
    .argument('<path...>', 'files or directories')
    .addOption(chunkOption())
    .addOption(dataDirOption())
    .addOption(ipfsApiOption('add to the IPFS daemon (Kubo) at this RPC instead, and pin there'))
    .option('--json', 'print one JSON array: path, cid, bytes')
    .addOption(quietOption())
    .addHelpText('after', examples(
      ['ipmr add moby-dick.txt', 'print the CID of a text'],
      ['ipmr add ./logs --ipfs-api http://127.0.0.1:5001', 'add a directory to the IPFS daemon of this machine; the CID is the same'],
      ['CID=$(ipmr add ./logs --chunk-size 1MiB) && ipmr run word-count $CID', 'add a directory once, and count its words']
    ))
    .action(async (paths: string[], options: AddOptions) => {
      const { add } = await import('../content/add.ts')
      await add(paths, options, context)
    })
}
