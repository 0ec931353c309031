import { Command } from 'commander'
import { examples } from './options.ts'

/** In place of commander's own, which shows the help of all where it does not know a command. */
export function helpCommand (): Command {
  const command = new Command('help')
  return command
    .summary('show how a command is used')
    .description('Shows how a command is used, as --help after it does.')
    .argument('[command]', 'a command; without one, all of them are listed')
    .addHelpText('after', examples(['ipmr help run', 'all about a command']))
    .action(async (name?: string) => {
      const program = command.parent!
      const found = name === undefined ? program : program.commands.find(other => other.name() === name)
      if (found !== undefined) found.help()
      // A word that is no command is refused as it is elsewhere, with what it may have been meant to be.
      await program.parseAsync([name!], { from: 'user' })
    })
}
