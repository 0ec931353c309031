/**
 * What a program that has a realm of its own (ECMA-262 9.3) lends the engine: what objects are made with that it is
 * given, so that an array is an `Array` to it, and a look at its calls.
 */
export interface Intrinsics {
  readonly Array: ArrayConstructor
  readonly Object: ObjectConstructor
  readonly Uint8Array: Uint8ArrayConstructor
  /** `JSON.parse` of that realm: what it makes is of its objects. Throws its `SyntaxError`. */
  readonly parseJson: (text: string) => unknown
  /** The stack of the calls that led here. V8 shows each realm its own alone. */
  readonly stack: () => string
}

/** Those of the program that runs: one at a time does. */
export let intrinsics: Intrinsics = { Array, Object, Uint8Array, parseJson: text => JSON.parse(text) as unknown, stack: () => String(new Error().stack) }

/** From here on objects are made for a program of another realm. */
export function useIntrinsics (those: Intrinsics): void {
  intrinsics = those
}

/** A copy of bytes for a program. */
export function copyBytes (bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new intrinsics.Uint8Array(end - start)
  copy.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end))
  return copy
}

/** The same memory, for a program. */
export function viewOf ({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new intrinsics.Uint8Array(buffer, byteOffset, length)
}
