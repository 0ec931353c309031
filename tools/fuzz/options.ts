import { parseCommandLine, wholeNumber } from '../command/options.ts'

const DEFAULT_INPUTS = 1_000_000

export const HELP = `npm run fuzz -- [--inputs ${DEFAULT_INPUTS}] [--seed N]

Gives hostile bytes to the decoders of the wire: spoilt and spliced messages, protobuf of no message, noise.

  --inputs N  byte strings, each for the decoder of messages and for that of announcements
  --seed N    repeats the inputs of a run that printed this seed

Exit code 1 where a decoder did anything but take or refuse, 2 for a wrong option.`

export interface Options {
  inputs: number
  seed: number
}

/** The options in a command line; undefined where help was asked for. Throws `BadUsage`. */
export function readOptions (args: string[]): Options | undefined {
  const { inputs, seed, help } = parseCommandLine(args, { inputs: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } })
  if (help === true) return undefined
  return {
    inputs: inputs === undefined ? DEFAULT_INPUTS : wholeNumber('--inputs', inputs, 1),
    seed: seed === undefined ? Date.now() % 2 ** 31 : wholeNumber('--seed', seed, 0)
  }
}
