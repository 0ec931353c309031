import { programs } from '@ipfs-mapreduce/programs'
import { Argument, Command } from 'commander'
import { completionScript, SHELLS } from '../completion/scripts.ts'
import type { Shell } from '../completion/scripts.ts'
import { wordsOf } from '../completion/words.ts'
import type { CommandContext } from './context.ts'
import { examples } from './options.ts'

export function completionCommand ({ print }: CommandContext): Command {
  const command = new Command('completion')
  return command
    .summary('print a script that completes ipmr in a shell')
    .description('Prints a script that teaches a shell to complete ipmr\'s commands, options and shipped programs.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .option('--json', 'print one JSON object: shell, script')
    .addHelpText('after', examples(
      ['source <(ipmr completion bash)', 'in ~/.bashrc; the same with zsh in ~/.zshrc'],
      ['ipmr completion fish > ~/.config/fish/completions/ipmr.fish', 'for fish']
    ))
    .action(async (shell: Shell, { json }: { json?: boolean }) => {
      const script = completionScript(shell, wordsOf(command.parent!, { run: Object.keys(programs), help: command.parent!.commands.map(other => other.name()) }))
      await print(json === true ? `${JSON.stringify({ shell, script }, null, 2)}\n` : script)
    })
}
