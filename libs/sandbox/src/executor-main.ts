/**
 * The program of an executor process. It is started with its scratch directory and its settings as arguments and a
 * socket as descriptor 3, and runs attempts of the one program that is put into its directory, as its sandbox asks.
 */
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { openChannel } from './channel.ts'
import { MAX_PARENT_MESSAGE_BYTES } from './constants.ts'
import { ContextRealms } from './context-realms.ts'
import { toFailure } from './failure.ts'
import type { Failure } from './failure.ts'
import { IsolateRealms } from './isolate-realms.ts'
import { loadIsolatedVm } from './isolated-vm.ts'
import type { FromChild, ToChild } from './messages.ts'
import { outOfMemory } from './program-guard.ts'
import { ProgramRunner } from './program-runner.ts'
import { RemoteReads } from './remote-reads.ts'
import type { ExecutorSettings } from './settings.ts'

const CHANNEL_FD = 3
/** Collections that shapes outlive their objects: more than an executor sees. */
const SHAPE_COLLECTIONS = 1_000_000
const directory = process.argv[2]!
const settings = JSON.parse(process.argv[3]!) as ExecutorSettings
const { addon, maxHeapMiB } = settings

// Between two attempts none of the engine's objects are alive. After two collections V8 would forget their shapes, and with them the code that it has compiled for them.
setFlagsFromString(`--retain-maps-for-n-gc=${SHAPE_COLLECTIONS}`)

const send = (message: FromChild) => { channel.send(message) }
const fail = (failure: Failure) => { send({ type: 'failed', failure }) }
const reads = new RemoteReads(send)
const channel = openChannel(new Socket({ fd: CHANNEL_FD }), {
  maxBytes: MAX_PARENT_MESSAGE_BYTES,
  // The other side is the sandbox, whose messages are trusted.
  onMessage: message => { obey(message as ToChild) },
  onData: (id, bytes) => { reads.data(id, bytes) },
  // Without its sandbox an executor has nothing to live for; what it made is removed by others.
  onClose: () => { process.exit() }
})

const scripts = { engine: readFileSync(settings.scripts.engine, 'utf8'), realm: readFileSync(settings.scripts.realm, 'utf8') }
const realms = addon === undefined
  ? new ContextRealms(scripts)
  : new IsolateRealms({ ivm: loadIsolatedVm(addon), scripts, maxHeapMiB, onCatastrophe: () => { fail(outOfMemory(maxHeapMiB)) } })
const runner = new ProgramRunner({ settings, directory, realms, reads, send, fail })
// What goes wrong before this ends the process, whose last words the sandbox reads.
process.on('uncaughtException', error => { fail(toFailure(error)) })
send({ type: 'ready' })
await runner.rehearse()

function obey (message: ToChild): void {
  switch (message.type) {
    case 'load': void runner.describe(); break
    case 'run': void runner.run(message.work, join(directory, message.directory)); break
    case 'lent': reads.lent(message.id, message); break
    case 'readEnd': reads.end(message.id); break
    case 'readFailed': reads.end(message.id, message.failure); break
  }
}
