import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BadUsage } from '../command/options.ts'
import { onReaderGone } from '../command/reader.ts'
import { HELP, parseOptions } from './options.ts'
import { runChaos } from './run.ts'

const OK = 0
const LOST = 1
const BAD_USAGE = 2
const INTERRUPTED = 130
/** Builds what is missing or stale. */
const BUNDLE = fileURLToPath(new URL('../build/bundle.mjs', import.meta.url))

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { stop.abort() })
let isRead = true
onReaderGone(() => {
  isRead = false
  stop.abort()
})
// A defect of this tool: whatever it started is to be ended all the same.
process.on('uncaughtException', error => { stop.abort(error) })

try {
  const options = parseOptions(process.argv.slice(2))
  if (options === undefined) {
    process.stdout.write(HELP)
  } else {
    await promisify(execFile)(process.execPath, [BUNDLE, '--all'])
    const { lost } = await runChaos(options, process.stdout, stop.signal)
    process.exitCode = stop.signal.aborted ? isRead ? INTERRUPTED : OK : lost.length > 0 ? LOST : OK
  }
  if (stop.signal.reason instanceof Error && stop.signal.reason.name !== 'AbortError') throw stop.signal.reason
} catch (error) {
  process.exitCode = error instanceof BadUsage ? BAD_USAGE : LOST
  process.stderr.write(error instanceof BadUsage ? `chaos: ${error.message}\n` : `chaos: ${(error as Error).stack}\n`)
}
