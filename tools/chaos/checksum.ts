/** Offsets within a VXLAN datagram (RFC 7348): 8 bytes of header, then an Ethernet frame. */
const VXLAN_BYTES = 8
const ETHER_TYPE = VXLAN_BYTES + 12
const IP = VXLAN_BYTES + 14
const ETHER_TYPE_IPV4 = 0x0800
const WORD = 0xffff

/** Where the checksum lies in the header of a protocol, by its number. */
const CHECKSUM_AT = new Map([[6, 16], [17, 6]])

/**
 * Writes the TCP or UDP checksum of the IPv4 packet in a VXLAN datagram, in place (RFC 1071). A virtual Ethernet device
 * leaves that sum to hardware that is not there, and nobody makes up for it where a process takes the datagram.
 */
export function writeChecksum (datagram: Buffer): void {
  if (datagram.length < IP + 20 || datagram.readUInt16BE(ETHER_TYPE) !== ETHER_TYPE_IPV4) return
  const protocol = datagram[IP + 9]!
  const at = CHECKSUM_AT.get(protocol)
  const from = IP + (datagram[IP]! & 0x0f) * 4
  const to = IP + datagram.readUInt16BE(IP + 2)
  if (at === undefined || to > datagram.length || from + at + 2 > to) return
  datagram.writeUInt16BE(0, from + at)
  let sum = protocol + (to - from) + wordsOf(datagram, IP + 12, IP + 20) + wordsOf(datagram, from, to)
  while (sum > WORD) sum = (sum & WORD) + Math.floor(sum / (WORD + 1))
  datagram.writeUInt16BE(~sum & WORD, from + at)
}

function wordsOf (bytes: Buffer, from: number, to: number): number {
  let sum = 0
  for (let i = from; i + 1 < to; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!
  return (to - from) % 2 === 0 ? sum : sum + (bytes[to - 1]! << 8)
}
