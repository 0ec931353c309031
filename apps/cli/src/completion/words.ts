import type { Command, Option } from 'commander'

/** What a shell may complete after a command's name. */
export interface CommandWords {
  name: string
  summary: string
  options: OptionWords[]
  /** Words that its first argument may be, beside names of files. */
  arguments: string[]
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

/** All commands of a program, with the options that each understands. `firstArguments`: known words of first arguments, by command. */
export function wordsOf (program: Command, firstArguments: Record<string, string[]>): CommandWords[] {
  return program.commands.map(command => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.filter(({ hidden }) => !hidden).map(optionWords), { long: '--help', short: '-h', about: 'show how it is used', takesValue: false, choices: [] }],
    arguments: firstArguments[command.name()] ?? []
  }))
}

function optionWords ({ long, short, description, required, optional, argChoices }: Option): OptionWords {
  return { long: long ?? short ?? '', ...(short === undefined ? {} : { short }), about: description, takesValue: required || optional, choices: argChoices ?? [] }
}
