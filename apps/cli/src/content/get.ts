import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { CommandContext } from '../commands/context.ts'
import { UsageError } from '../errors.ts'
import { writeDirectoryWhole, writeFileWhole } from '../output.ts'
import { createReporter } from '../view/reporter.ts'
import { withContent } from './reading.ts'
import type { ReadingOptions } from './reading.ts'

export interface GetOptions extends ReadingOptions { output?: string, quiet?: boolean, json?: boolean }

/** `ipmr get`: a file or a directory tree on disk. */
export async function get (typed: string, options: GetOptions, { interrupt, elapsed, print }: CommandContext): Promise<void> {
  const report = createReporter({ stream: process.stderr, quiet: options.quiet ?? false, elapsed })
  const target = resolve(options.output ?? basename(typed))
  await withContent(typed, options, interrupt.signal, async ({ files, type, entries, reading }) => {
    let written = 0
    let count = 0
    const writeBelow = async (dir: string): Promise<void> => {
      for await (const entry of entries()) {
        await writeFileWhole(files, entry, below(dir, entry.path), reading)
        count++
        report.bytes(`writing ${target}`, written += entry.bytes)
      }
    }
    if (type === 'directory') await writeDirectoryWhole(target, writeBelow)
    else {
      for await (const entry of entries()) {
        await writeFileWhole(files, entry, await fileTarget(target, basename(typed)), reading)
        count++
        written += entry.bytes
      }
    }
    report.done()
    if (options.json === true) await print(`${JSON.stringify({ path: target, type, files: count, bytes: written }, null, 2)}\n`)
  })
}

/** As `cp` does: into a directory under its own name. */
async function fileTarget (target: string, name: string): Promise<string> {
  const isDirectory = await stat(target).then(found => found.isDirectory(), () => false)
  return isDirectory ? join(target, name) : target
}

/** Names in a directory are its maker's: none may lead out of where it is written. */
function below (target: string, path: string): string {
  const full = resolve(target, path)
  if (!full.startsWith(join(target, '/'))) throw new UsageError(`refused to write ${JSON.stringify(path)}: it leads out of ${target}`)
  return full
}
