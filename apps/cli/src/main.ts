import { CommanderError } from 'commander'
import { commandLine, usageExit } from './command-line.ts'
import type { CommandContext } from './commands/context.ts'
import { errorReport, errorText, EXIT_OK, exitCodeOf, oneLine, UsageError } from './errors.ts'
import { listenForInterrupts } from './interrupt.ts'
import { VERSION } from './version.ts'

const interrupt = listenForInterrupts(code => process.exit(code))

/** Whether a whole answer was said on stdout; lines of JSON may go on with an error. */
let answered = false

/** Resolves when it is written: memory holds no more of a long output than is written at once. */
async function write (text: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, error => { if (error == null) resolve(); else reject(error) })
  })
}

const context: CommandContext = {
  interrupt,
  elapsed: () => process.uptime() * 1000,
  print: async text => {
    answered = true
    await write(text)
  },
  printLines: async values => { await write(values.map(value => `${JSON.stringify(value)}\n`).join('')) }
}

// Whoever reads the output may stop reading, as `head` does: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(EXIT_OK) })

/** A script that asked for JSON gets it, whatever happens: on one line, for those who read lines. */
async function reportJson (error: unknown): Promise<void> {
  if (process.argv.includes('--json') && !answered) await context.printLines([{ error: errorReport(error) }])
}

async function main (): Promise<number> {
  try {
    await commandLine(context, VERSION).parseAsync()
    return EXIT_OK
  } catch (error) {
    if (error instanceof CommanderError) {
      const exit = usageExit(error)
      if (exit !== EXIT_OK) await reportJson(new UsageError(oneLine(error.message).replace(/^error: /, ''), '', { cause: error }))
      return exit
    }
    const cause = interrupt.signal.aborted ? interrupt.signal.reason as unknown : error
    await reportJson(cause)
    process.stderr.write(`${errorText(cause)}\n`)
    if (process.env.IPMR_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    return exitCodeOf(cause)
  }
}

// Exits explicitly: a socket that a peer keeps half open must not hold a finished command.
process.exit(await main())
