import type { ScriptPaths } from './isolate-scripts.ts'

/** What an executor process is told when it starts, as JSON: trusted, and the same for every attempt. */
export interface ExecutorSettings {
  /** The file of isolated-vm's native code. Without it programs run in the process itself. */
  addon?: string
  /** The files of the scripts that run in an isolate. */
  scripts: ScriptPaths
  maxHeapMiB: number
  maxCallMs: number
  maxScratchBytes: number
}
