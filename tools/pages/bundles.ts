import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const BUNDLER = fileURLToPath(new URL('../build/bundle.mjs', import.meta.url))

/** Builds the bundles that are missing or stale, as `npx nx serve` does before it starts a service. */
export async function ensureBundles (): Promise<void> {
  await promisify(execFile)(process.execPath, [BUNDLER, '--all'])
}
