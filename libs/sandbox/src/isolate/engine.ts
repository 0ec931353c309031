/**
 * What runs in an isolate beside its program: the whole engine of an attempt, so that no record leaves the isolate. It is
 * bundled into one script, which evaluates to `open`. It lives as long as the isolate, in a context of its own, because the
 * code of a new one would be compiled and optimized anew, which takes longer than most attempts; each attempt's program has a fresh context.
 */
import { checkProgram, GroupValues, HeldValues, MapReduceError, ProgramError, runMapTask, runReduceTask, useIntrinsics } from '@ipfs-mapreduce/mapreduce'
import type { Program, TaskOptions, Work } from '@ipfs-mapreduce/mapreduce'
import { STACK_FRAMES } from '../constants.ts'
import { describeProgram } from '../description.ts'
import { fromFailure, loadFailure, toFailure } from '../failure.ts'
import type { FromChild } from '../messages.ts'
import { programMessage } from '../program-stack.ts'
import { DOOR } from './door.ts'
import type { Door, Engine } from './door.ts'
import { harden } from './harden.ts'
import { IsolateReads } from './reads.ts'
import { doorScratch } from './scratch.ts'
import { stopTime } from './time.ts'
import { wasmProgram } from './wasm-program.ts'

export function open (...given: Array<Door[keyof Door]>): Engine {
  const door = Object.fromEntries(DOOR.map((name, at) => [name, given[at]])) as unknown as Door
  const reads = new IsolateReads(door)
  Error.stackTraceLimit = STACK_FRAMES
  // A program can have code of its own run in this realm, by the constructor of a function that it is given.
  stopTime(() => 0)
  harden(MapReduceError, ProgramError, GroupValues, HeldValues)
  return {
    use: useIntrinsics,
    assemble: bytes => ({ default: wasmProgram(bytes) }),
    describe: module => answer(() => ({ type: 'loaded', program: describeProgram(programOf(module)) })),
    run: async (module, work) => {
      try {
        return JSON.stringify(await run(programOf(module), JSON.parse(work) as Work, door, reads))
      } catch (error) {
        return failed(error)
      }
    },
    deliver: (read, content) => { reads.deliver(read, content) }
  }
}

function answer (make: () => FromChild): string {
  try {
    return JSON.stringify(make())
  } catch (error) {
    return failed(error)
  }
}

function failed (error: unknown): string {
  const message: FromChild = { type: 'failed', failure: toFailure(error) }
  return JSON.stringify(message)
}

/** The checked program of a module. `FATAL` with what is wrong, since no attempt can succeed with it. */
function programOf (module: { default?: unknown }): Program {
  try {
    const program = module.default
    checkProgram(program)
    return program
  } catch (error) {
    throw fromFailure(loadFailure(error))
  }
}

async function run (program: Program, work: Work, door: Door, reads: IsolateReads): Promise<FromChild> {
  const scratch = doorScratch(door, reads.bring)
  const options: TaskOptions = { program, read: reads.read, scratch, onProgress: door.progress }
  const { outputs, counters, skipped } = work.kind === 'map' ? await runMapTask(work, options) : await runReduceTask(work, options)
  return {
    type: 'done',
    outputs: outputs.map(({ file, partition, records }) => ({ name: String(scratch.numberOf(file)), partition, records })),
    counters,
    skipped: skipped.map(record => ({ ...record, message: programMessage(record.message) }))
  }
}
