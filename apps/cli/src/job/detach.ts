import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { CommandContext } from '../commands/context.ts'
import { EXIT_USAGE, UsageError } from '../errors.ts'
import { STAYS_BEHIND } from '../stays-behind.ts'
import type { RunFlags } from './command.ts'

/**
 * `ipmr run --detach`: has a process of its own do what was typed, and leaves it as soon as the master has accepted the
 * job. It stays because the workers fetch program and input from this machine, and writes --output in the end.
 */
export async function detach (flags: RunFlags, { interrupt: { signal }, print }: CommandContext): Promise<void> {
  if (flags.connect === undefined) throw new UsageError('--detach leaves a job with a master that goes on: name it with --connect, as in --connect local')
  const dir = join(flags.dataDir, 'detached')
  mkdirSync(dir, { recursive: true })
  const logFile = join(dir, `${new Date().toISOString().replaceAll(':', '')}-${process.pid}.log`)
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, [process.argv[1]!, ...process.argv.slice(2).filter(word => word !== '--detach')], {
    detached: true, stdio: ['ignore', log, log, 'ipc'], env: { ...process.env, [STAYS_BEHIND]: '1' }
  })
  closeSync(log)
  const stop = (): void => { child.kill() }
  signal.addEventListener('abort', stop)
  const job = await accepted(child, logFile).finally(() => { signal.removeEventListener('abort', stop) })
  child.unref()
  if (flags.quiet !== true) process.stderr.write(`ipmr: process ${child.pid} serves program and input from this machine until the job ends, and logs to ${logFile}\n`)
  await print(flags.json === true ? `${JSON.stringify({ job, pid: child.pid, log: logFile }, null, 2)}\n` : `${job}\n`)
}

/** The job's id. Rejects with what the process said last where it ends first. */
async function accepted (child: ChildProcess, logFile: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    child.once('message', message => { resolve((message as { job: string }).job) })
    child.once('error', reject)
    child.once('exit', code => {
      readFile(logFile, 'utf8').then(text => {
        const said = text.split('\n').findLast(line => line.startsWith('ipmr: ')) ?? `ipmr: it ended with ${code}, without a word`
        const words = said.slice('ipmr: '.length)
        reject(code === EXIT_USAGE ? new UsageError(words) : new MapReduceError('TRANSIENT', words))
      }, reject)
    })
  })
}
