/** `\0asm`, by which WebAssembly modules begin. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d]

/** Whether bytes are a WebAssembly module rather than a program's text. */
export function isWasm (bytes: Uint8Array): boolean {
  return MAGIC.every((byte, at) => bytes[at] === byte)
}
