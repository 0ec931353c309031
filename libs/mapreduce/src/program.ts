/** Keys and values: what survives a run file and comes back equal. Numbers are finite; bytes may nest. */
export type Datum = string | number | boolean | null | Uint8Array | Datum[] | { [name: string]: Datum }

/**
 * How a file is cut into records.
 * - `lines`: a line without its `\n` or `\r\n`, decoded as UTF-8
 * - `raw-lines`: the bytes of a line without its `\n`, whatever they are; a `\r` before it is one of them
 * - `text`: a whole file as one string
 * - `ndjson`: the parsed value of each line that is not blank
 * - `csv`: an object by the file's header row (RFC 4180)
 * - `{ bytes: N }`: N bytes; the last record of a file may be shorter. A program whose `map` is `'identity'` has `KeyedBytes`
 */
export type InputFormat = 'lines' | 'raw-lines' | 'text' | 'ndjson' | 'csv' | { bytes: number }

/** Records of `bytes` bytes, of which the first `keyBytes` are their key. */
export interface KeyedBytes {
  bytes: number
  keyBytes: number
}

/** The `value` of a record, by input format. */
export type RecordValue<F extends InputFormat> =
  F extends 'lines' | 'text' ? string
    : F extends 'csv' ? Record<string, string>
      : F extends 'raw-lines' | { bytes: number } ? Uint8Array
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
 * What of a pair that `reduce` emits goes into the output file.
 * - `lines`: text of the key, separator, text of the value, newline
 * - `values`: the text of the value alone, bytes as they are, and nothing between two of them
 * - `joined`: the text of the key and that of the value, and nothing between or after them
 */
export type OutputFormat = 'lines' | 'values' | 'joined'

/** `map` of a program: called for each record of the input; emits any number of pairs. */
export type MapFunction<F extends InputFormat = InputFormat, K extends Datum = Datum, V extends Datum = Datum> = (record: MapRecord<RecordValue<F>>, emit: Emit<K, V>, context: ProgramContext) => void

/** `reduce` of a program: called once for each key, with all of its values, which can be read once. Keys come in the order of their bytes. */
export type ReduceFunction<K extends Datum = Datum, V extends Datum = Datum> = (key: K, values: Iterable<V>, emit: Emit, context: ProgramContext) => void

/**
 * A map/reduce program (Dean and Ghemawat, OSDI 2004, section 2). All of its functions are synchronous.
 * `combine` must be associative and commutative with `reduce`: it may run any number of times, or never.
 * A job may skip records and keys for which `map` and `reduce` throw; a throw of `finish`, `combine` or `partition` always
 * fails the attempt, because it is no one record's.
 */
export interface Program<F extends InputFormat = InputFormat, K extends Datum = Datum, V extends Datum = Datum> {
  input: F
  /** `'identity'`, of an input with `keyBytes`: emits a record's first `keyBytes` bytes as the key, and those after them as the value. */
  map: 'identity' | MapFunction<F, K, V>
  /**
   * For `raw-lines`: does for many lines at once what `map` does for each, and must emit the same pairs. `value` is some whole
   * lines of a file, each with its `\n` but perhaps the last, and `offset` that of the first one's first byte. It is called in place of
   * `map` where no record may be skipped.
   */
  mapLines?: (lines: MapRecord<Uint8Array>, emit: Emit<K, V>, context: ProgramContext) => void
  /**
   * Called once, after the last record of a map task, where it had any: emits what `map` has kept, as a table of counts that
   * it filled instead of emitting each (in-mapper combining; Lin and Dyer, Data-Intensive Text Processing with MapReduce,
   * section 3.1). What `reduce` makes of it must not depend on how the input is cut into tasks, and what is kept must be bounded,
   * by being emitted early. A `map` that throws must have kept nothing of its record, where a job may skip it.
   */
  finish?: (emit: Emit<K, V>, context: ProgramContext) => void
  /**
   * For `lines`: a text without which `map` emits nothing for a line. Lines that do not have it are counted, and not mapped:
   * they are passed over several times as fast. Default: all are mapped.
   */
  mustContain?: (context: Pick<ProgramContext, 'args'>) => string | undefined
  /** Called with some of a key's values, to make them fewer before they travel. */
  combine?: (key: K, values: Iterable<V>, emit: Emit<K, V>, context: ProgramContext) => void
  /** `'identity'`: emits each value under its key, in their order, as Hadoop's Reducer does. */
  reduce: 'identity' | ReduceFunction<K, V>
  /**
   * The partition of a key, 0 ≤ result < reducers. Default: FNV-1a (32 bit) of the key's bytes, & 0x7fffffff, mod reducers.
   * `'range'` puts the output in total order: every key of a partition comes before those of the next, by their bytes. The
   * keys at which partitions begin are sampled from the input before the job is submitted (after Hadoop's TotalOrderPartitioner).
   */
  partition?: 'range' | ((key: K, reducers: number) => number)
  /** Default: `lines`. */
  output?: OutputFormat
  /**
   * Default: true, and then the same task gives the same bytes on any machine: it is 1970-01-01T00:00:00Z in UTC, the locale is
   * en-US, and `Math.random` begins with what program, kind and number of the task say. With false a program sees the real
   * time and chance, and answers of two attempts at a task are not compared.
   */
  deterministic?: boolean
}

/** A program whose `map` and `reduce` are functions of its own. */
export interface WrittenProgram<F extends InputFormat = InputFormat, K extends Datum = Datum, V extends Datum = Datum> extends Program<F, K, V> {
  map: MapFunction<F, K, V>
  reduce: ReduceFunction<K, V>
}
