import { Command } from 'commander'
import type { GcOptions } from '../content/gc.ts'
import type { CommandContext } from './context.ts'
import { dataDirOption, examples } from './options.ts'

export function gcCommand (context: CommandContext): Command {
  return new Command('gc')
    .summary('remove blocks that nothing keeps from this machine\'s repo')
    .description('Removes blocks that nothing keeps from this machine\'s repo: inputs that ipmr run added by itself, and programs. What ipmr add added, and results of jobs, stay unless they are named.')
    .argument('[cid...]', 'added files or results that need not be kept any more')
    .option('--dry-run', 'count, and remove nothing')
    .addOption(dataDirOption())
    .option('--json', 'print one JSON object: blocks, bytes, kept, notKept, dryRun')
    .addHelpText('after', examples(
      ['ipmr gc --dry-run', 'see how much would go'],
      ['ipmr gc --dry-run bafybei…', 'see what would go without a result'],
      ['ipmr gc bafybei…', 'let go of a result, and of what nothing else keeps']
    ))
    .action(async (cids: string[], options: GcOptions) => {
      const { gc } = await import('../content/gc.ts')
      await gc(cids, options, context)
    })
}
