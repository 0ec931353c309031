import { Command, CommanderError } from 'commander'
import { addCommand } from './commands/add.ts'
import { catCommand } from './commands/cat.ts'
import { completionCommand } from './commands/completion.ts'
import type { CommandContext } from './commands/context.ts'
import { demoCommand } from './commands/demo.ts'
import { gcCommand } from './commands/gc.ts'
import { getCommand } from './commands/get.ts'
import { helpCommand } from './commands/help.ts'
import { initCommand } from './commands/init.ts'
import { keyCommand } from './commands/key.ts'
import { cancelCommand, jobsCommand, logsCommand, peersCommand, statusCommand } from './commands/masters.ts'
import { resumeCommand } from './commands/resume.ts'
import { runCommand } from './commands/run.ts'
import { EXIT_OK, EXIT_USAGE, oneLine } from './errors.ts'

/** Everything that `ipmr` understands. Commands load what they need when they run, so that help is instant. */
export function commandLine (context: CommandContext, version: string): Command {
  const program = new Command('ipmr')
    .description('Runs map/reduce programs over files in IPFS: on this machine, or on the peers that hold the blocks.')
    .version(version, '-V, --version')
    .showSuggestionAfterError(true)
    .addHelpText('after', [
      '',
      'Start here:',
      '  $ ipmr demo                                   # Moby Dick\'s words, on five processes',
      '  $ ipmr run word-count book.txt -o out/book    # your own text',
      '  $ ipmr init words                             # a program of your own',
      '  $ ipmr help run                               # all about a command'
    ].join('\n'))
  const commands = [initCommand, runCommand, addCommand, getCommand, catCommand, gcCommand, jobsCommand, statusCommand, logsCommand, cancelCommand, resumeCommand, peersCommand, keyCommand, demoCommand, completionCommand, helpCommand]
  for (const create of commands) program.addCommand(create(context))
  for (const command of [program, ...program.commands]) {
    command.exitOverride()
    command.configureOutput({ outputError: (text, write) => { write(`${usageLine(command, text)}\n`) } })
  }
  return program
}

/** Commander's own lines in this command's words: what is wrong and where help is, on one line. */
function usageLine (command: Command, text: string): string {
  const what = oneLine(text).replace(/^error: /, '').replace(/\.?; \((Did you mean .*)\)$/i, ': $1').replace(/\.$/, '')
  const help = command.name() === 'ipmr' ? 'ipmr --help' : `ipmr ${command.name()} --help`
  return `ipmr: ${what} (see ${help})`
}

/** The exit status of what commander throws: after help or the version nothing is wrong. */
export function usageExit (error: CommanderError): number {
  return ['commander.helpDisplayed', 'commander.version'].includes(error.code) || error.exitCode === EXIT_OK ? EXIT_OK : EXIT_USAGE
}
