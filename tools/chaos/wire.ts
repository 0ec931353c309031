import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { createRandom } from '@ipfs-mapreduce/simulator'
import { writeChecksum } from './checksum.ts'
import { CLEAR, Line } from './link.ts'
import type { Link } from './link.ts'

/** Bursts wait here while this process is busy (the kernel may allow less). */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
/** The destination's MAC address in a VXLAN datagram, whose last byte is a place's number; 255 is everyone. */
const LAST_OF_DESTINATION = 8 + 5
const EVERYONE = 0xff

export interface WirePlace {
  /** From 1; the last byte of its MAC address. */
  number: number
  /** From which address its datagrams come, and where they are sent. */
  underlay: string
}

/**
 * The line between places, each of which sends its Ethernet frames here by VXLAN over UDP: packets are lost, late,
 * slow or cut off as told, by direction, and by chance that is drawn from a seed.
 */
export class Wire {
  readonly port: number
  readonly #socket: Socket
  readonly #seed: string
  readonly #byAddress = new Map<string, WirePlace>()
  readonly #lines = new Map<number, { place: WirePlace, out: Line, in: Line }>()
  #closed = false
  passed = 0
  lost = 0

  private constructor (socket: Socket, seed: string) {
    this.#socket = socket
    this.#seed = seed
    this.port = socket.address().port
    socket.on('message', (datagram, { address }) => { this.#carry(datagram, address) })
  }

  /** @throws where the port is taken (`EADDRINUSE`) */
  static async open (port: number, seed: string): Promise<Wire> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES })
    socket.bind(port, '0.0.0.0')
    await once(socket, 'listening')
    return new Wire(socket, seed)
  }

  add (place: WirePlace): void {
    const random = createRandom(`${this.#seed}/wire ${place.number}`)
    this.#byAddress.set(place.underlay, place)
    this.#lines.set(place.number, { place, out: new Line(random.fork('out').random), in: new Line(random.fork('in').random) })
  }

  /** Both directions of a place's line from now on; what is not named is clear. */
  set ({ number }: WirePlace, line: { in?: Link, out?: Link }): void {
    const lines = this.#lines.get(number)
    lines?.in.set(line.in ?? CLEAR)
    lines?.out.set(line.out ?? CLEAR)
  }

  close (): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.close()
  }

  #carry (datagram: Buffer, address: string): void {
    const from = this.#byAddress.get(address)
    if (from === undefined || datagram.length <= LAST_OF_DESTINATION) return
    const last = datagram[LAST_OF_DESTINATION]!
    const multicast = last === EVERYONE || (datagram[8]! & 1) === 1
    writeChecksum(datagram)
    for (const { place } of multicast ? this.#lines.values() : this.#named(last)) {
      if (place.number !== from.number) this.#pass(datagram, from, place)
    }
  }

  #named (number: number): Array<{ place: WirePlace }> {
    const found = this.#lines.get(number)
    return found === undefined ? [] : [found]
  }

  #pass (datagram: Buffer, from: WirePlace, to: WirePlace): void {
    const now = performance.now()
    const sent = this.#lines.get(from.number)!.out.pass(datagram.length, now)
    const taken = sent === undefined ? undefined : this.#lines.get(to.number)!.in.pass(datagram.length, now + sent)
    if (sent === undefined || taken === undefined) {
      this.lost++
      return
    }
    this.passed++
    const delayMs = sent + taken
    if (delayMs < 1) this.#send(datagram, to)
    else setTimeout(() => { this.#send(datagram, to) }, delayMs)
  }

  #send (datagram: Buffer, { underlay }: WirePlace): void {
    // A packet may arrive when everything has been taken down.
    if (!this.#closed) this.#socket.send(datagram, this.port, underlay)
  }
}
