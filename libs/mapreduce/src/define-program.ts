import { MapReduceError, ProgramError } from './errors.ts'
import type { Datum, InputFormat, OutputFormat, Program, WrittenProgram } from './program.ts'
import { checkInputFormat, isKeyed } from './records/input-format.ts'

const REQUIRED = ['map', 'reduce']
const IDENTITY = 'identity'
const OPTIONAL = ['mapLines', 'finish', 'mustContain', 'combine', 'partition']
const MEMBERS = new Set(['input', ...REQUIRED, ...OPTIONAL, 'output', 'deterministic'])
const BOOLEANS: readonly unknown[] = [true, false, undefined]
const OUTPUTS: readonly unknown[] = ['lines', 'values', 'joined', undefined] satisfies Array<OutputFormat | undefined>

/**
 * Types and checks a program: the default export of a program's module.
 *
 * `value` in `map` has the type of the input format. Keys and values are any `Datum` unless said otherwise:
 * `defineProgram<'lines', string, number>({ … })`. Throws a `ProgramError` that says what is missing or unknown.
 */
export function defineProgram<F extends InputFormat, K extends Datum = Datum, V extends Datum = Datum> (program: WrittenProgram<F, K, V>): WrittenProgram<F, K, V>
export function defineProgram<F extends InputFormat, K extends Datum = Datum, V extends Datum = Datum> (program: Program<F, K, V>): Program<F, K, V>
export function defineProgram<F extends InputFormat, K extends Datum = Datum, V extends Datum = Datum> (program: Program<F, K, V>): Program<F, K, V> {
  checkProgram(program)
  return program
}

/** Narrows what a program's module exports. Throws a `ProgramError` that says what is missing or unknown. */
export function checkProgram (candidate: unknown): asserts candidate is Program {
  if (typeof candidate !== 'object' || candidate === null) {
    throw programError(`a program is an object with input, map and reduce, not ${candidate === null ? 'null' : typeof candidate}: export default defineProgram({ … })`)
  }
  const members = new Map<string, unknown>(Object.entries(candidate))
  checkInput(members.get('input'))
  for (const name of REQUIRED) {
    if (typeof members.get(name) !== 'function' && members.get(name) !== IDENTITY) {
      throw programError(`a program needs a function ${name}, which is ${describe(members.get(name))}`)
    }
  }
  checkKeyBytes(members.get('input') as InputFormat, members.get('map') === IDENTITY)
  for (const name of OPTIONAL) {
    const type = typeof members.get(name)
    if (type !== 'function' && type !== 'undefined' && !(name === 'partition' && members.get(name) === 'range')) {
      throw programError(`a program's ${name} must be a function${name === 'partition' ? ' or \'range\'' : ''}, but is ${describe(members.get(name))}`)
    }
  }
  if (members.get('mustContain') !== undefined && members.get('input') !== 'lines') {
    throw programError('a program\'s mustContain is for an input of lines')
  }
  if (members.get('mapLines') !== undefined && members.get('input') !== 'raw-lines') {
    throw programError('a program\'s mapLines is for an input of raw-lines')
  }
  if (!BOOLEANS.includes(members.get('deterministic'))) {
    throw programError(`a program's deterministic is true or false, but is ${describe(members.get('deterministic'))}`)
  }
  if (!OUTPUTS.includes(members.get('output'))) {
    throw programError(`a program's output is 'lines', 'values' or 'joined', not ${JSON.stringify(members.get('output')) ?? describe(members.get('output'))}`)
  }
  // A misspelt combine would be slow without a word, a misspelt partition wrong.
  for (const name of members.keys()) {
    if (!MEMBERS.has(name)) {
      throw programError(`a program has no ${name}; it has ${[...MEMBERS].join(', ')}`)
    }
  }
}

function checkInput (format: unknown): void {
  try {
    checkInputFormat(format)
  } catch (error) {
    const reason = error instanceof MapReduceError ? error.message : String(error)
    throw programError(`the program's input: ${reason}`, error)
  }
}

function checkKeyBytes (input: InputFormat, identity: boolean): void {
  const keyed = isKeyed(input)
  if (identity && !keyed) throw programError('a program whose map is \'identity\' needs input: { bytes: N, keyBytes: K }, which says what of a record is the key')
  if (!identity && keyed) throw programError('keyBytes of a program\'s input is for a map that is \'identity\': leave it out, or the function map')
}

function describe (value: unknown): string {
  return value === undefined ? 'missing' : `of type ${typeof value}`
}

function programError (message: string, cause?: unknown): ProgramError {
  return new ProgramError(message, new Error(message).stack ?? message, { cause })
}
