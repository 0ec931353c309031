import { join } from 'node:path'
import { Command, Option } from 'commander'
import type { DemoOptions } from '../demo/demo.ts'
import type { CommandContext } from './context.ts'
import { dataDirOption, examples, parseDirectory, quietOption } from './options.ts'

export function demoCommand (context: CommandContext): Command {
  return new Command('demo')
    .summary('count the words of Moby Dick on a local cluster')
    .description('Counts the words of Moby Dick on a local cluster of five processes, shows the ten most frequent, and leaves the files behind.')
    .addOption(new Option('-o, --output <dir>', 'where the files go; an earlier demo\'s are replaced').argParser(parseDirectory).default(join('out', 'moby-dick')))
    .addOption(dataDirOption())
    .option('--json', 'print one JSON object, as ipmr run --json does, and words: the ten most frequent, each with its count')
    .addOption(quietOption())
    .addHelpText('after', examples(['ipmr demo', 'what npm start does'], ['ipmr demo --json | jq .seconds', 'how long each phase took']))
    .action(async (options: DemoOptions) => {
      const { demo } = await import('../demo/demo.ts')
      await demo(options, context)
    })
}
