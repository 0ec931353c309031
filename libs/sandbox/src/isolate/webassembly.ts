/** What of `WebAssembly` is used in an isolate, with the options of JS string builtins: TypeScript's libraries for the language leave it out. */

interface WebAssemblyApi {
  Module: {
    new (bytes: Uint8Array, options?: { builtins: string[] }): object
    imports: (module: object) => Array<{ module: string, name: string, kind: string }>
  }
  Instance: new (module: object, imports?: Record<string, Record<string, unknown>>) => { exports: Record<string, unknown> }
}

export const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
