import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ExecuteOptions, MapWork, ReadContent } from '@ipfs-mapreduce/mapreduce'
import { createSandbox } from './sandbox.ts'
import type { Sandbox, SandboxInit } from './sandbox.ts'

/** A sandbox on a folder of its own, and all that it logged. */
export interface TestSandbox {
  sandbox: Sandbox
  scratchDir: string
  /** What programs printed. */
  printed: string[]
  logged: Array<Record<string, unknown>>
  /** Process ids of the executors, in the order of their start. */
  pids: () => number[]
  /** Closes the sandbox and removes the folder. */
  remove: () => Promise<void>
}

export function testSandbox (init: Partial<SandboxInit> = {}): TestSandbox {
  const scratchDir = mkdtempSync(join(tmpdir(), 'sandbox-test-'))
  const logged: Array<Record<string, unknown>> = []
  const printed: string[] = []
  const record = (fields: object, message: string) => {
    logged.push({ ...fields, message })
    if ('output' in fields) printed.push(String(fields.output))
  }
  const sandbox = createSandbox({ scratchDir, slots: 2, log: { debug: record, info: record, warn: record }, ...init })
  return {
    sandbox,
    scratchDir,
    printed,
    logged,
    pids: () => logged.filter(({ message }) => message === 'an executor was started').map(({ executor }) => Number(executor)),
    remove: async () => {
      await sandbox.close()
      rmSync(scratchDir, { recursive: true })
    }
  }
}

/** A sandbox whose programs can leave their world: what then holds is the wall of the process. */
export const withoutIsolate: Partial<SandboxInit> = { walls: { addon: undefined, permissions: true, missing: [] } }

/** The process, to a program that has left its world, which `program` gives the way to. */
export const PROCESS = 'wayOut(\'return process\')()'
/** The error of an import that is refused is Node's own. */
const WAY_OUT = 'const wayOut = await import(\'nothing\').catch(error => error.constructor.constructor)\n'

/** A module of Node's, in a program that has left its world. */
export const node = (name: string) => `${PROCESS}.getBuiltinModule('${name}')`

/** Code that sends control messages over the executor's channel, as its own code would. */
export function tell (...messages: object[]): string {
  const frames = messages.map(message => JSON.stringify(message)).map(text => {
    const header = Buffer.alloc(9)
    header.writeUInt32BE(text.length)
    return Buffer.concat([header, Buffer.from(text)])
  })
  return `${node('fs')}.writeSync(3, ${node('buffer')}.Buffer.from('${Buffer.concat(frames).toString('base64')}', 'base64'))`
}

/** A program as it travels, from the body of its map. Its reduce sums. */
export function program (mapBody: string, more = ''): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${mapBody.includes(PROCESS) ? WAY_OUT : ''}export default {
  input: 'lines',
  map ({ value, offset }, emit, context) { ${mapBody} },
  reduce (key, values, emit) { let n = 0; for (const value of values) n += value; emit(key, n) },
  ${more}
}
`)
}

export const wordCount = program('for (const word of value.match(/\\p{L}+/gu) ?? []) emit(word, 1)')

/** The work of mapping one file that is named by its content's id. */
export function mapWork (fileBytes: number, more: Partial<MapWork> = {}): MapWork {
  const split = { file: 'text.txt', cid: 'text', offset: 0, length: fileBytes, fileBytes }
  return { kind: 'map', task: 0, reducers: 1, args: {}, splits: fileBytes === 0 ? [] : [split], skipBadRecords: 0, ...more }
}

/** Reads from content held in memory, in chunks of an odd size. */
export function reading (contents: Record<string, Uint8Array>, chunkBytes = 1000): ReadContent {
  return async function * (file, { offset = 0, length }) {
    const content = contents[file]!.subarray(offset, length === undefined ? undefined : offset + length)
    for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes)
  }
}

export const bytesOf = (text: string) => new TextEncoder().encode(text)

/** Options of an attempt that reads one line of text and is never aborted. */
export function options (bundle: Uint8Array, more: Partial<ExecuteOptions> = {}): ExecuteOptions {
  return { program: bundle, read: reading({ text: LINE }), signal: new AbortController().signal, ...more }
}
export const LINE = bytesOf('one line\n')

export async function collect (content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts)
}

/** Whether a process runs. One that has ended and waits for its parent to notice does not. */
export function runs (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    if (['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

/** Looks until a condition holds. Throws after `withinMs`. */
export async function until (holds: () => boolean, what: string, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}`)
    await delay(10)
  }
}
