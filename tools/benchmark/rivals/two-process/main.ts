import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { grepJob } from './grep.ts'
import { hashSearchJob } from './hash-search.ts'
import { invertedIndexJob } from './inverted-index.ts'
import { SHARES } from './job.ts'
import type { Job, ShareInit } from './job.ts'
import { wordCountJob } from './word-count.ts'

/**
 * A map/reduce job by hand: `main JOB INPUT DIRECTORY [NAME=VALUE…]` starts two processes of itself, each of which maps half of
 * the input and then reduces half of the keys. No network, no hashes, nothing that survives a failure.
 */

const JOBS: Record<string, Job> = { 'word-count': wordCountJob, grep: grepJob, 'hash-search': hashSearchJob, 'inverted-index': invertedIndexJob }

const [name = '', input = '', directory = '', ...rest] = process.argv.slice(2)
const job = JOBS[name]
if (job === undefined) throw new Error(`no job ${name}: there are ${Object.keys(JOBS).join(', ')}`)
const share = process.env['SHARE']
if (share === undefined) await lead()
else follow(job, { input, directory, share: Number(share), args: Object.fromEntries(rest.map(arg => arg.split(/=(.*)/s))) as Record<string, string> })

/** Nobody reduces before both have mapped. */
async function lead (): Promise<void> {
  const halves = Array.from({ length: SHARES }, (_, share) => fork(process.argv[1]!, process.argv.slice(2), { env: { ...process.env, SHARE: String(share) } }))
  const ends = halves.map(mustSucceed)
  await Promise.race([Promise.all(halves.map(async half => await once(half, 'message'))), Promise.all(ends).then(() => { throw new Error('a half ended too soon') })])
  for (const half of halves) half.send('reduce')
  await Promise.all(ends)
}

async function mustSucceed (half: ChildProcess): Promise<void> {
  const [status, signal] = await once(half, 'exit') as [number | null, string | null]
  if (status !== 0) throw new Error(`a half ended with ${signal ?? status}`)
}

function follow (job: Job, init: ShareInit): void {
  job.map(init)
  process.send!('mapped')
  process.once('message', () => {
    job.reduce(init)
    process.disconnect()
  })
}
