import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type ivm from 'isolated-vm'

/** The file of isolated-vm's native code for this system. Throws where there is none. */
export function isolatedVmAddon (): string {
  const require = createRequire(import.meta.url)
  const entry = require.resolve('isolated-vm')
  const { path } = createRequire(entry)('node-gyp-build') as { path: (directory: string) => string }
  return path(dirname(entry))
}

/** Loads isolated-vm from the file of its native code alone: its own loader looks about in directories. */
export function loadIsolatedVm (addon: string): typeof ivm {
  const loaded = { exports: {} as { ivm: typeof ivm } }
  process.dlopen(loaded, addon)
  return loaded.exports.ivm
}
