/**
 * The program of an executor process. It is started with its scratch directory as its argument and a socket as
 * descriptor 3, loads the one program that lies there, and runs attempts of it as its sandbox asks.
 */
import { mkdirSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { runMapTask, runReduceTask } from '@ipfs-mapreduce/mapreduce'
import type { Program, TaskFiles, TaskOptions, Work } from '@ipfs-mapreduce/mapreduce'
import { openChannel } from './channel.ts'
import { MAX_PARENT_MESSAGE_BYTES, PROGRESS_INTERVAL_MS, STACK_FRAMES } from './constants.ts'
import { describeProgram } from './description.ts'
import { programFailure, toFailure } from './failure.ts'
import { fsScratch } from './fs-scratch.ts'
import { loadProgram } from './load-program.ts'
import type { FromChild, ToChild } from './messages.ts'
import { PROGRAM_FILE, programMessage } from './program-stack.ts'
import { RemoteReads } from './remote-reads.ts'

const CHANNEL_FD = 3
const directory = process.argv[2]!
let program: Program | undefined

const send = (message: FromChild) => { channel.send(message) }
const reads = new RemoteReads(send)
const channel = openChannel(new Socket({ fd: CHANNEL_FD }), {
  maxBytes: MAX_PARENT_MESSAGE_BYTES,
  // The other side is the sandbox, whose messages are trusted.
  onMessage: message => { obey(message as ToChild) },
  onData: (id, bytes) => { reads.data(id, bytes) },
  // Without its sandbox an executor has nothing to live for; what it made is removed by others.
  onClose: () => { process.exit() }
})

Error.stackTraceLimit = STACK_FRAMES
// Thrown in a callback that the program left behind, outside of any call to it.
process.on('uncaughtException', error => {
  send({ type: 'failed', failure: programFailure(error, directory, 'the program threw outside of map and reduce: ') })
})
send({ type: 'ready' })

function obey (message: ToChild): void {
  switch (message.type) {
    case 'load': answer(load()); break
    case 'run': answer(run(message.work, join(directory, message.directory))); break
    case 'readEnd': reads.end(message.id); break
    case 'readFailed': reads.end(message.id, message.failure); break
  }
}

function answer (reply: Promise<FromChild>): void {
  reply.then(send, (error: unknown) => { send({ type: 'failed', failure: toFailure(error, directory) }) })
}

async function load (): Promise<FromChild> {
  program = await loadProgram(join(directory, PROGRAM_FILE), directory)
  return { type: 'loaded', program: describeProgram(program) }
}

async function run (work: Work, attemptDirectory: string): Promise<FromChild> {
  mkdirSync(attemptDirectory)
  const scratch = fsScratch(attemptDirectory)
  const progress = throttledProgress()
  const { outputs, counters, skipped } = await runTask(work, {
    program: program!, read: reads.read, scratch, onProgress: progress.report, pause
  })
  progress.last()
  return {
    type: 'done',
    outputs: outputs.map(({ file, partition, records }) => ({ name: scratch.nameOf(file), partition, records })),
    counters,
    skipped: skipped.map(record => ({ ...record, message: programMessage(record.message, directory) }))
  }
}

async function runTask (work: Work, options: TaskOptions): Promise<TaskFiles> {
  return work.kind === 'map' ? runMapTask(work, options) : runReduceTask(work, options)
}

/** Lets messages out and in: an executor whose sandbox is gone ends here. */
function pause (): Promise<void> {
  return new Promise(resolve => { setImmediate(resolve) })
}

/** Reports at most once per PROGRESS_INTERVAL_MS; `last` tells what was held back. */
function throttledProgress (): { report: (records: number) => void, last: () => void } {
  let next = 0
  let held: number | undefined
  const tell = (records: number) => {
    held = undefined
    send({ type: 'progress', records })
  }
  return {
    report: records => {
      const now = performance.now()
      held = records
      if (now < next) return
      next = now + PROGRESS_INTERVAL_MS
      tell(records)
    },
    last: () => { if (held !== undefined) tell(held) }
  }
}
