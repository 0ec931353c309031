import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'

/** Below every system's ephemeral ports (Linux: from 32768), so that no outgoing connection takes one between check and use. */
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const MAX_TRIES = 64

/** A TCP port of loopback that was free a moment ago: the workers are told it while the master is still starting. */
export async function freePort (): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = randomInt(FIRST_PORT, LAST_PORT)
    if (await canListen(port)) return port
  }
  throw new MapReduceError('TRANSIENT', `none of ${MAX_TRIES} ports tried between ${FIRST_PORT} and ${LAST_PORT} of 127.0.0.1 is free`)
}

async function canListen (port: number): Promise<boolean> {
  const server = createServer()
  return await new Promise<boolean>(resolve => {
    server.once('error', () => { resolve(false) })
    server.listen(port, '127.0.0.1', () => { server.close(() => { resolve(true) }) })
  })
}
