import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'

/** What was typed makes no sense. Its message is one line. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage'
}

type OptionsConfig = NonNullable<ParseArgsConfig['options']>

/** Node's `parseArgs` of a command that takes options alone; throws `BadUsage`. A value may begin with a minus: whether it may be negative is for the option to say. */
export function parseCommandLine<T extends OptionsConfig> (args: string[], options: T) {
  try {
    return parseArgs({ args: joinNegative(args), options, allowNegative: true }).values
  } catch (error) {
    throw new BadUsage((error as Error).message.split('\n')[0], { cause: error })
  }
}

/** `--seeds -1` as `--seeds=-1`: to `parseArgs` the former is two options. */
function joinNegative (args: string[]): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const option = joined.at(-1)
    if (/^-\d/.test(arg) && option !== undefined && /^--[^=]+$/.test(option)) joined[joined.length - 1] = `${option}=${arg}`
    else joined.push(arg)
  }
  return joined
}

/** A whole number in decimal digits; throws `BadUsage`, which names the option, where it is none or less than `least`. */
export function wholeNumber (option: string, text: string, least: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) throw new BadUsage(`${option} must be a whole number from ${least}, not ${text}`)
  return number
}
