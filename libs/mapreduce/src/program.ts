/** Keys and values: what survives a run file and comes back equal. Numbers are finite; bytes may nest. */
export type Datum = string | number | boolean | null | Uint8Array | Datum[] | { [name: string]: Datum }

/**
 * How a file is cut into records.
 * - `lines`: a line without its `\n` or `\r\n`, decoded as UTF-8
 * - `text`: a whole file as one string
 * - `ndjson`: the parsed value of each line that is not blank
 * - `csv`: an object by the file's header row (RFC 4180)
 * - `{ bytes: N }`: N bytes; the last record of a file may be shorter
 */
export type InputFormat = 'lines' | 'text' | 'ndjson' | 'csv' | { bytes: number }

/** The `value` of a record, by input format. */
export type RecordValue<F extends InputFormat> =
  F extends 'lines' | 'text' ? string
    : F extends 'csv' ? Record<string, string>
      : F extends { bytes: number } ? Uint8Array
        : F extends 'ndjson' ? Datum
          : never

/** One record as `map` sees it. `offset` is that of its first byte in `file`. */
export interface MapRecord<V> {
  value: V
  file: string
  offset: number
}

/** Adds a key/value pair to the output. Throws a `ProgramError` on what cannot be a key or a value. */
export type Emit<K extends Datum = Datum, V extends Datum = Datum> = (key: K, value: V) => void

/** What a program may use beside its records. */
export interface ProgramContext {
  /** `--arg name=value` of the job. */
  readonly args: Readonly<Record<string, string>>
  /** Adds `n` (default 1) to a counter of the job, shown as `user.NAME`. */
  count: (name: string, n?: number) => void
}

/**
 * A map/reduce program (Dean and Ghemawat, OSDI 2004, section 2). All of its functions are synchronous.
 * `combine` must be associative and commutative with `reduce`: it may run any number of times, or never.
 * A job may skip records and keys for which `map` and `reduce` throw; a throw of `combine` or `partition` always fails
 * the attempt, because it is no one record's.
 */
export interface Program<F extends InputFormat = InputFormat, K extends Datum = Datum, V extends Datum = Datum> {
  input: F
  map: (record: MapRecord<RecordValue<F>>, emit: Emit<K, V>, context: ProgramContext) => void
  combine?: (key: K, values: Iterable<V>, emit: Emit<K, V>, context: ProgramContext) => void
  reduce: (key: K, values: Iterable<V>, emit: Emit, context: ProgramContext) => void
  /** 0 ≤ result < reducers. Default: FNV-1a (32 bit) of the key's bytes, & 0x7fffffff, mod reducers. */
  partition?: (key: K, reducers: number) => number
}
