/**
 * A process that holds a sandbox with an executor that rests and one whose program loops for ever, and prints their
 * ids. Started with the scratch directory, and `exit` to end by itself rather than wait to be killed.
 */
import { createSandbox } from './sandbox.ts'
import { LINE, mapWork, options, program, wordCount } from './sandbox.spec.support.ts'

const [scratchDir, exit] = process.argv.slice(2)
const pids: number[] = []
const tell = (fields: object, message: string) => {
  if (message === 'an executor was started' && 'executor' in fields) pids.push(Number(fields.executor))
  if ('output' in fields && fields.output === 'busy') {
    console.log(JSON.stringify(pids))
    if (exit !== undefined) process.exit()
  }
}
const sandbox = createSandbox({ scratchDir: scratchDir!, slots: 2, log: { debug: tell, info: tell, warn: tell } })
await sandbox.execute(mapWork(LINE.length), options(wordCount))
await sandbox.execute(mapWork(LINE.length), options(program('console.log("busy"); for (;;);')))
