import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CLEAR } from './link.ts'
import type { Link } from './link.ts'
import { namespacesFault, openNamespaces } from './namespaces.ts'
import type { Namespaces, Place } from './namespaces.ts'

const run = promisify(execFile)
const PORT = 4000
/** Gives back what it is sent. */
const SERVER = `require('node:net').createServer(socket => { socket.pipe(socket); socket.on('error', () => {}) }).listen(${PORT}, '0.0.0.0', () => { console.log('listening') })`
/** Sends so many bytes and prints how many milliseconds it took until all were back, or why they were not within two seconds. */
const CLIENT = `
const [host, bytes] = process.argv.slice(1)
const startedMs = performance.now()
let received = 0
const socket = require('node:net').connect(${PORT}, host, () => { socket.write(Buffer.alloc(Number(bytes), 7)) })
socket.on('data', chunk => {
  received += chunk.length
  if (received < Number(bytes)) return
  // As text: numbers come in colours where FORCE_COLOR asks for them.
  console.log(String(Math.round(performance.now() - startedMs)))
  socket.destroy()
})
socket.on('error', error => { console.log(error.code); process.exit() })
setTimeout(() => { console.log('silence'); process.exit() }, 2000).unref()
`

const why = await namespacesFault()
if (why === undefined) {
  describe('a line between two namespaces', () => {
    let namespaces: Namespaces
    let here: Place
    let there: Place
    let server: ChildProcess
    beforeAll(async () => {
      namespaces = await openNamespaces('seed')
      here = await namespaces.add('here')
      there = await namespaces.add('there')
      const [file = '', ...args] = there.within([process.execPath, '-e', SERVER])
      server = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(server.stdout!, 'data')
    })
    afterAll(async () => { await namespaces.close() })

    async function exchange (bytes = 100): Promise<string> {
      const [file = '', ...args] = here.within([process.execPath, '-e', CLIENT, there.address, String(bytes)])
      return (await run(file, args)).stdout.trim()
    }
    const impaired = async (link: Partial<Link>, bytes?: number): Promise<string> => {
      there.setLine({ in: { ...CLEAR, ...link }, out: { ...CLEAR, ...link } })
      const took = await exchange(bytes)
      there.setLine({})
      return took
    }

    it('carries what is sent, much of it too', async () => {
      expect(Number(await exchange())).toBeLessThan(200)
      expect(Number(await exchange(2_000_000))).toBeLessThan(2_000)
    })

    it('delays it each way', async () => {
      // To connect takes a way there and back, and so does the exchange.
      expect(Number(await impaired({ delayMs: 150 }))).toBeGreaterThanOrEqual(600)
    })

    it('carries no more than its rate', async () => {
      expect(Number(await impaired({ kbitPerSecond: 4_000 }, 200_000))).toBeGreaterThanOrEqual(400)
    })

    it('loses packets, which TCP sends again', async () => {
      const before = namespaces.counts().lost
      expect(Number(await impaired({ loss: 0.05 }, 300_000))).toBeLessThan(2_000)
      expect(namespaces.counts().lost).toBeGreaterThan(before)
    })

    it.each(['in', 'out'] as const)('is cut in one direction (%s): nobody connects, until it is mended', async direction => {
      there.setLine({ [direction]: { ...CLEAR, cut: true } })
      expect(await exchange()).toBe('silence')
      there.setLine({})
      expect(Number(await exchange())).toBeGreaterThan(0)
    })

    it('goes, with the processes at its ends', async () => {
      const gone = once(server, 'exit')
      await namespaces.close()
      await gone
      expect((await run('ip', ['netns', 'list'])).stdout).not.toContain(`ipmr-${process.pid}-`)
    })
  })
} else {
  console.info(`Lines between namespaces are not tested: ${why}.`)
}
