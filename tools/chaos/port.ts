import { createServer } from 'node:net'

/** Ports of masters on loopback: below every system's ephemeral ones, so that no connection takes one between check and use. */
const FIRST_PORT = 22_000
const LAST_PORT = 32_000
/** Runs side by side begin to look in different places. */
const STARTS = 4_000

/** A TCP port of loopback that is free, for a master that comes back where it was. */
export async function freePort (): Promise<number> {
  for (let port = FIRST_PORT + process.pid % STARTS; port <= LAST_PORT; port++) {
    if (await canListen(port)) return port
  }
  throw new Error(`no port up to ${LAST_PORT} of 127.0.0.1 is free`)
}

async function canListen (port: number): Promise<boolean> {
  const server = createServer()
  return await new Promise(resolve => {
    server.once('error', () => { resolve(false) })
    server.listen(port, '127.0.0.1', () => { server.close(() => { resolve(true) }) })
  })
}
