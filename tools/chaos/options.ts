import { randomInt } from 'node:crypto'
import { BadUsage, parseCommandLine } from '../command/options.ts'
import { ALL_KINDS, KINDS } from './kinds.ts'
import type { Kind } from './kinds.ts'

const DEFAULT_ROUNDS = 24

export interface Options {
  /** One of the two ends the run. */
  rounds: number
  minutes: number
  seed: string
  /** Undefined where everything that this machine can do is wanted. */
  only: Kind[] | undefined
  keep: boolean
  loopback: boolean
}

export const HELP = `npm run chaos -- [--rounds N | --minutes M] [--seed S] [--only KIND,…] [--loopback] [--keep]

Runs jobs on a cluster of real processes (1 master, 3 mappers, 2 reducers) while faults that are drawn from a seed come over
it, and compares every output with the bytes that one process makes. Where it is root on Linux, each process has a network
namespace with an address of its own, on a line that loses, delays and cuts off packets; elsewhere all are on loopback.

  --rounds N     play N rounds (default ${DEFAULT_ROUNDS}); every fourth is undisturbed, every fourth has two jobs and several faults
  --minutes M    play rounds for M minutes
  --seed S       draw the same faults again (default: a new seed, which is printed)
  --only KIND,…  only these kinds of faults
  --loopback     no network namespaces, even where they can be had
  --keep         keep data and logs of the processes, which are kept in any case when something was lost

Kinds:
${ALL_KINDS.map(kind => `  ${kind.padEnd(12)}  ${KINDS[kind].meaning}`).join('\n')}

Exit status: 0 nothing was lost, 1 something was, 2 bad usage, 130 interrupted.
`

/** @returns undefined where help was asked for. @throws BadUsage */
export function parseOptions (argv: string[]): Options | undefined {
  const values = parseCommandLine(argv, {
    rounds: { type: 'string' }, minutes: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' },
    keep: { type: 'boolean' }, loopback: { type: 'boolean' }, help: { type: 'boolean' }
  })
  if (values.help === true) return undefined
  if (values.rounds !== undefined && values.minutes !== undefined) throw new BadUsage('--rounds and --minutes both end a run: name one')
  return {
    rounds: values.rounds === undefined ? values.minutes === undefined ? DEFAULT_ROUNDS : Infinity : positive('--rounds', values.rounds, Number.isInteger),
    minutes: values.minutes === undefined ? Infinity : positive('--minutes', values.minutes, Number.isFinite),
    seed: values.seed ?? String(randomInt(1_000_000)),
    only: values.only === undefined ? undefined : kindsOf(values.only),
    keep: values.keep ?? false,
    loopback: values.loopback ?? false
  }
}

function positive (option: string, text: string, holds: (value: number) => boolean): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!holds(value) || value <= 0) throw new BadUsage(`${option} ${text}: it should be a positive number`)
  return value
}

function kindsOf (text: string): Kind[] {
  const names = text.split(',').map(name => name.trim())
  const unknown = names.find(name => !Object.hasOwn(KINDS, name))
  if (unknown !== undefined) throw new BadUsage(`--only ${unknown}: the kinds are ${ALL_KINDS.join(', ')}`)
  return ALL_KINDS.filter(kind => names.includes(kind))
}
