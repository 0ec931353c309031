import type { Command, Option } from 'commander'

/** What a shell may complete after a command's name. */
export interface CommandWords {
  name: string
  summary: string
  options: OptionWords[]
  /** Words that its first argument may be. */
  arguments: string[]
  /** Whether its arguments may be names of files. */
  takesFiles: boolean
}

export interface OptionWords {
  /** `--reducers`, and `-r` if there is one. */
  long: string
  short?: string
  about: string
  takesValue: boolean
  /** Where only these are values. */
  choices: string[]
}

/** Arguments that are files or directories, or may be. */
const FILES = new Set(['path', 'file', 'dir', 'program', 'input'])

/** All commands of a program, with the options that each understands. `firstArguments`: words of first arguments that may be files as well, by command. */
export function wordsOf (program: Command, firstArguments: Record<string, string[]>): CommandWords[] {
  return program.commands.map(command => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.filter(({ hidden }) => !hidden).map(optionWords), { long: '--help', short: '-h', about: 'show how it is used', takesValue: false, choices: [] }],
    arguments: firstArguments[command.name()] ?? command.registeredArguments[0]?.argChoices ?? [],
    takesFiles: command.registeredArguments.some(argument => FILES.has(argument.name()))
  }))
}

function optionWords ({ long, short, description, required, optional, argChoices }: Option): OptionWords {
  return { long: long ?? short ?? '', ...(short === undefined ? {} : { short }), about: description, takesValue: required || optional, choices: argChoices ?? [] }
}
