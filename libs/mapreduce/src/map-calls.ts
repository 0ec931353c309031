import { callFailure, refuseDeferred } from './program-call.ts'
import type { ProgramFunction } from './program-call.ts'
import { mapOf } from './identity.ts'
import type { Emit, MapRecord, Program, ProgramContext } from './program.ts'
import type { OnRecord } from './records/read-records.ts'

/** What a program's `map` is called with, beside its record. */
export interface Mapping {
  program: Program
  file: string
  emit: Emit
  context: ProgramContext
}

/** Calls `map`; what it throws has no place yet. */
export function mapCall ({ program, file, emit, context }: Mapping): OnRecord {
  const map = mapOf(program)
  return (value, offset) => {
    // The format that cut the record is the one that types the program's `map`.
    const record: MapRecord<never> = { value: value as never, file, offset }
    const result: unknown = map(record, emit, context)
    if (result !== undefined) refuseDeferred('map', place(file, offset), result)
  }
}

/** Calls `mapLines`, where the program has it. */
export function mapLinesCall ({ program, file, emit, context }: Mapping): ((lines: Uint8Array, offset: number) => void) | undefined {
  const { mapLines } = program
  if (mapLines === undefined) return undefined
  return (value, offset) => { placed('mapLines', place(file, offset), () => mapLines.call(program, { value, file, offset }, emit, context)) }
}

/** Calls `finish`, where the program has it. */
export function finishCall (program: Program, emit: Emit, context: ProgramContext): void {
  if (program.finish !== undefined) placed('finish', 'the end of a task', () => program.finish?.(emit, context))
}

function placed (name: ProgramFunction, where: string, call: () => unknown): void {
  let result: unknown
  try {
    result = call()
  } catch (error) {
    throw callFailure(name, where, error)
  }
  if (result !== undefined) refuseDeferred(name, where, result)
}

export function place (file: string, offset: number): string {
  return `${file}, offset ${offset}`
}
