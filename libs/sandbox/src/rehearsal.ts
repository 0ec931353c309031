import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Work } from '@ipfs-mapreduce/mapreduce'
import { FsScratch } from './fs-scratch.ts'
import type { FromChild } from './messages.ts'
import { programDoor } from './program-door.ts'
import type { Realms } from './realms.ts'
import { RemoteReads } from './remote-reads.ts'

const PROGRAM = `
export default {
  input: "lines",
  map: ({ value }, emit) => emit(value, 1),
  combine (key, counts, emit) { for (const count of counts) emit(key, count) },
  reduce (key, counts, emit) { for (const count of counts) emit(key, count) }
}`
const LINE = new TextEncoder().encode('to be\n')
const CONTENT = 'content'
/** More than its attempts write. */
const SCRATCH_BYTES = 4096

const map: Work = { kind: 'map', task: 0, reducers: 1, args: {}, splits: [{ file: CONTENT, cid: CONTENT, offset: 0, length: LINE.length, fileBytes: LINE.length }], skipBadRecords: 0 }
const reduceOf = (bytes: number): Work => ({ kind: 'reduce', task: 0, args: {}, separator: ' ', runs: [{ mapTask: 0, cid: CONTENT, bytes }], skipBadRecords: 0 })

/**
 * Runs a map and a reduce attempt over one line, which are nobody's: V8 has then compiled what each attempt does, and the first
 * one of a job takes a third less time. Throws what the file system throws, and where an attempt does not succeed.
 */
export async function rehearse (realms: Realms, parent: string): Promise<void> {
  const directory = join(parent, 'rehearsal')
  const run = await attempt(realms, { directory, work: map, content: LINE })
  await attempt(realms, { directory, work: reduceOf(run.length), content: run })
}

/** Resolves with the one output. */
async function attempt (realms: Realms, { directory, work, content }: { directory: string, work: Work, content: Uint8Array }): Promise<Uint8Array> {
  mkdirSync(directory)
  const scratch = new FsScratch(directory, SCRATCH_BYTES)
  const reads = new RemoteReads(message => {
    if (message.type !== 'read') return
    setImmediate(() => {
      reads.data(message.id, content)
      reads.end(message.id)
    })
  })
  const ignored = (): void => {}
  const realm = await realms.open(PROGRAM, { deterministic: true, seed: [1, 1, 1, 1] }, programDoor({ reads, scratch, onProgress: ignored, print: ignored, onSign: ignored, onError: ignored }))
  const undelivered = Promise.withResolvers<never>()
  reads.begin((read, bytes) => { realm.deliver(read, bytes).catch(undelivered.reject) })
  await realm.describe()
  const said = JSON.parse(await Promise.race([realm.run(JSON.stringify(work)), undelivered.promise])) as FromChild
  if (said.type !== 'done') throw new Error(`the rehearsal of a ${work.kind} ended with ${JSON.stringify(said)}`)
  const output = readFileSync(join(directory, said.outputs[0]!.name))
  realm.release()
  scratch.dispose()
  rmSync(directory, { recursive: true })
  return output
}
