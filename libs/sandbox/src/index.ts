/**
 * The place where a stranger's program runs: `createSandbox` gives an `Executor` of processes of their own, and
 * `bundleProgram` makes of a program's sources the one module that travels to it.
 *
 * @module @ipfs-mapreduce/sandbox
 */
export { bundleProgram, bundleSource } from './bundle-program.ts'
export type { Bundle, BundleOptions, ProgramSourceMap } from './bundle-program.ts'
export { DEFAULT_IDLE_MS, DEFAULT_MAX_HEAP_MIB } from './constants.ts'
export { loadProgram } from './load-program.ts'
export type { LoadedProgram, ProgramPlace, ProgramSource } from './load-program.ts'
export { sampleProgram } from './sample-program.ts'
export type { SampleProgramOptions } from './sample-program.ts'
export { describeProgram } from './description.ts'
export type { Described, ProgramDescription } from './description.ts'
export type { ExecutorEntry } from './entry.ts'
export { wasmProgram } from './isolate/wasm-program.ts'
export type { SandboxLog } from './output-log.ts'
export { pathFromHere, stackInOwnLines } from './own-lines.ts'
export { createSandbox } from './sandbox.ts'
export type { Sandbox, SandboxInit } from './sandbox.ts'
export { isWasm } from './wasm.ts'
