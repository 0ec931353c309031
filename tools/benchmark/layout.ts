import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The workspace's root, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What is kept of measurements. */
export const RESULTS_DIR = join(ROOT, 'tools/benchmark/results')
/** The command as a person starts it. */
export const IPMR = join(ROOT, 'apps/cli/bin/ipmr.mjs')
/** Builds the services that are missing or stale. */
export const BUNDLER = join(ROOT, 'tools/build/bundle.mjs')
/** The compiler of AssemblyScript. */
export const ASSEMBLER = join(ROOT, 'node_modules/assemblyscript/bin/asc.js')
