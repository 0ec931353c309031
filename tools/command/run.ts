import { BadUsage } from './options.ts'
import { onReaderGone } from './reader.ts'

const EXIT_OK = 0
const EXIT_FAILED = 1
const EXIT_USAGE = 2

export interface Command<Options> {
  help: string
  /** The options of a command line; undefined where help was asked for. Throws `BadUsage`. */
  read: (args: string[]) => Options | undefined
  /** True where all is well. May throw `BadUsage` too. */
  run: (options: Options) => Promise<boolean>
}

/** Runs this process as a command: sets its exit code, and says how the command is used where it was used otherwise. */
export async function runCommand<Options> ({ help, read, run }: Command<Options>): Promise<void> {
  onReaderGone(() => process.exit(EXIT_OK))
  try {
    const options = read(process.argv.slice(2))
    if (options === undefined) process.stdout.write(`${help}\n`)
    else process.exitCode = await run(options) ? EXIT_OK : EXIT_FAILED
  } catch (error) {
    if (!(error instanceof BadUsage)) throw error
    process.stderr.write(`${error.message}\n\n${help}\n`)
    process.exitCode = EXIT_USAGE
  }
}
