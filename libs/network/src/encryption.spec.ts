import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { createConnection, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Libp2p } from 'libp2p'
import { encryption } from './encryption.ts'

const ECHO = '/test/echo/1.0.0'
const MIB = 1024 * 1024
const closing: Array<() => unknown> = []
afterEach(async () => { for (const close of closing.splice(0).reverse()) await close() })

async function node (encrypter: ReturnType<typeof encryption>): Promise<Libp2p> {
  const made = await createLibp2p({ addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] }, transports: [tcp()], connectionEncrypters: [encrypter], streamMuxers: [yamux()] })
  closing.push(() => made.stop())
  await made.handle(ECHO, async stream => {
    for await (const piece of stream) stream.send(piece)
    await stream.close()
  })
  return made
}

async function echoed (from: Libp2p, to: Parameters<Libp2p['dial']>[0], content: Uint8Array): Promise<Buffer> {
  const stream = await from.dialProtocol(to, ECHO)
  const pieces: Uint8Array[] = []
  const back = (async () => { for await (const piece of stream) pieces.push(piece.subarray()) })()
  stream.send(content)
  await stream.close()
  await back
  return Buffer.concat(pieces)
}

describe('encryption', () => {
  it.each([['itself', encryption(), encryption()], ['Noise as others have it', encryption(), noise()], ['others that dial it', noise(), encryption()]])('speaks with %s, of pieces of any length', async (_, dialling, listening) => {
    const [a, b] = await Promise.all([node(dialling), node(listening)])
    for (const bytes of [1, 1_199, 1_200, 65_519, 65_520, 3 * MIB + 1]) {
      const content = randomBytes(bytes)
      expect(Buffer.compare(await echoed(a, b.getMultiaddrs(), content), content)).toBe(0)
    }
  })

  it('ends a connection on which a byte was changed', async () => {
    const [a, b] = await Promise.all([node(encryption()), node(encryption())])
    const port = Number(/\/tcp\/(\d+)\//.exec(`${b.getMultiaddrs()[0]!}`)![1])
    const flipped = createServer(client => {
      const target = createConnection(port, '127.0.0.1')
      let passed = 0
      target.pipe(client)
      client.on('data', (bytes: Buffer) => {
        passed += bytes.length
        // The handshakes are smaller; what is flipped is in the middle of what is echoed.
        if (passed > MIB) bytes[bytes.length >> 1]! ^= 1
        target.write(bytes)
      })
      for (const socket of [client, target] as Socket[]) socket.on('error', () => { client.destroy(); target.destroy() }).on('close', () => { client.destroy(); target.destroy() })
    })
    flipped.listen(0, '127.0.0.1')
    await once(flipped, 'listening')
    closing.push(() => { flipped.close() })
    const address = b.getMultiaddrs()[0]!.toString().replace(`/tcp/${port}/`, `/tcp/${(flipped.address() as AddressInfo).port}/`)
    const disconnected = once(b, 'connection:close')
    const content = randomBytes(3 * MIB)
    const back = await echoed(a, multiaddr(address), content).catch(() => Buffer.alloc(0))
    expect(back.length).toBeLessThan(content.length)
    expect(Buffer.compare(back, content.subarray(0, back.length))).toBe(0)
    await disconnected
  })
})
