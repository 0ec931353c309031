import { Argument, Command } from 'commander'
import type { InitOptions } from '../init/init.ts'
import type { CommandContext } from './context.ts'
import { examples, parseDirectory } from './options.ts'

export function initCommand (context: CommandContext): Command {
  return new Command('init')
    .summary('write a program of your own to start from')
    .description('Writes a program with its types, a sample input and a test to DIR, ready for an editor: nothing has to be installed for it. Refuses to write over a file.')
    .addArgument(new Argument('[dir]', 'a directory, which may be new').argParser(parseDirectory).default('.'))
    .option('--json', 'print one JSON object: dir, files')
    .addHelpText('after', examples(
      ['ipmr init words && cd words && npm test', 'a program in a directory of its own, and its test'],
      ['ipmr run --local program.ts sample.txt', 'then try it in one process']
    ))
    .action(async (dir: string, options: InitOptions) => {
      const { init } = await import('../init/init.ts')
      await init(dir, options, context)
    })
}
