import type { MapFunction, Program, ReduceFunction } from './program.ts'
import { isKeyed } from './records/input-format.ts'

/** A program's `map`, or what `'identity'` stands for. The program must be a checked one. */
export function mapOf (program: Program): MapFunction {
  if (isMapped(program)) return (record, emit, context) => program.map(record, emit, context)
  const keyBytes = isKeyed(program.input) ? program.input.keyBytes : undefined
  return ({ value }, emit) => {
    const record = value as Uint8Array
    emit(record.subarray(0, keyBytes), record.subarray(keyBytes))
  }
}

/** A program's `reduce`, or what `'identity'` stands for. */
export function reduceOf (program: Program): ReduceFunction {
  if (isReduced(program)) return (key, values, emit, context) => program.reduce(key, values, emit, context)
  return (key, values, emit) => { for (const value of values) emit(key, value) }
}

function isMapped (program: Program): program is Program & { map: MapFunction } {
  return program.map !== 'identity'
}

function isReduced (program: Program): program is Program & { reduce: ReduceFunction } {
  return program.reduce !== 'identity'
}
