import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { CommandContext } from '../commands/context.ts'
import { EXIT_USAGE, UsageError } from '../errors.ts'
import { STAYS_BEHIND } from '../stays-behind.ts'
import type { Accepted } from '../stays-behind.ts'
import type { RunFlags } from './command.ts'

/**
 * `ipmr run --detach`: has a process of its own do what was typed, and leaves it as soon as the master has accepted the
 * job. That ends when the master has the program, or stays for what `reasonToStay` says.
 */
export async function detach (flags: RunFlags, { interrupt: { signal }, print }: CommandContext): Promise<void> {
  if (flags.connect === undefined) throw new UsageError('--detach leaves a job with a master that goes on: name it with --connect, as in --connect local')
  const dir = resolve(flags.dataDir, 'detached')
  mkdirSync(dir, { recursive: true })
  const logFile = join(dir, `${new Date().toISOString().replaceAll(':', '')}-${process.pid}.log`)
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, [process.argv[1]!, ...process.argv.slice(2).filter(word => word !== '--detach')], {
    detached: true, stdio: ['ignore', log, log, 'ipc'], env: { ...process.env, [STAYS_BEHIND]: '1' }
  })
  closeSync(log)
  const stop = (): void => { child.kill() }
  signal.addEventListener('abort', stop)
  const { job, stays } = await accepted(child, logFile).finally(() => { signal.removeEventListener('abort', stop) })
  child.unref()
  const until = stays === undefined ? 'goes when the master has the program' : `stays until the job ends: it ${stays}`
  if (flags.quiet !== true) process.stderr.write(`ipmr: process ${child.pid} ${until}; it logs to ${logFile}\n`)
  await print(flags.json === true ? `${JSON.stringify({ job, pid: child.pid, log: logFile, ...stays !== undefined && { stays } }, null, 2)}\n` : `${job}\n`)
}

/** The job, and whether the process stays for it. Rejects with what the process said last where it ends first. */
async function accepted (child: ChildProcess, logFile: string): Promise<Accepted> {
  return await new Promise((resolve, reject) => {
    child.once('message', message => { resolve(message as Accepted) })
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
