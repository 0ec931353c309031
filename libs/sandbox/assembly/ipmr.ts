/** What an executor gives a WebAssembly program: the imports of WEBASSEMBLY.md, for AssemblyScript. */

/** Adds a pair of bytes to the output. */
export declare function emit (key: usize, keyBytes: i32, value: usize, valueBytes: i32): void
/** Adds `n` to a counter of the job. */
export declare function count (name: usize, nameBytes: i32, n: i32): void
/** Goes to the next value of the key, in `reduce` and `combine`: its bytes, or -1 after the last. */
export declare function next (): i32
/** Looks an argument of the job up: the bytes of its text, or -1 where it is not there. */
export declare function arg (name: usize, nameBytes: i32): i32
/** The path of the file that `map` is given a record of: its bytes. */
export declare function file (): i32
/** Writes what the last of `next`, `arg` and `file` has told of. */
export declare function read (into: usize): void
/** Fails this call with a message. */
export declare function fail (message: usize, messageBytes: i32): void
