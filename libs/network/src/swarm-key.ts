import { readFile } from 'node:fs/promises'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { messageOf } from './failure.ts'

/** The first line of a swarm key, in the format that Kubo reads from `swarm.key` in its repo. */
const HEADER = '/key/swarm/psk/1.0.0/'
const KEY_BYTES = 32
/** Far above any key file; what is longer is not read as one. */
const MAX_FILE_CHARS = 1_024

/** A new swarm key, as the text of its file. Whoever has it may connect, so it is to be kept like a password. */
export function makeSwarmKey (): string {
  return format(crypto.getRandomValues(new Uint8Array(KEY_BYTES)))
}

/**
 * Reads the text of a key file: the header, `/base16/` or `/base64/`, and 32 bytes so written. Gives it as libp2p's
 * protector takes it, which knows base 16 alone. Throws `BAD_INPUT` on anything else.
 */
export function parseSwarmKey (text: string): Uint8Array {
  const [header, encoding, key, ...rest] = text.slice(0, MAX_FILE_CHARS).trimEnd().split(/\r?\n/)
  if (header !== HEADER) throw bad(`its first line is not ${HEADER}`)
  if (key === undefined || rest.length > 0) throw bad('it does not have three lines')
  if (encoding === '/base16/' && /^[0-9a-f]{64}$/i.test(key)) return new TextEncoder().encode(format(Buffer.from(key, 'hex')))
  if (encoding === '/base64/' && /^[A-Za-z0-9+/]{43}=$/.test(key)) return new TextEncoder().encode(format(Buffer.from(key, 'base64')))
  throw bad(`its key is not ${KEY_BYTES} bytes in /base16/ or /base64/`)
}

/** The key in a file. Throws `BAD_INPUT` where there is none, or where it is no key. */
export async function readSwarmKey (path: string): Promise<Uint8Array> {
  try {
    return parseSwarmKey(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `Cannot read the swarm key ${path}: ${messageOf(cause)}; ipmr key ${path} makes one where there is none`, { cause })
  }
}

function format (key: Uint8Array): string {
  return `${HEADER}\n/base16/\n${Buffer.from(key).toString('hex')}\n`
}

const bad = (why: string): MapReduceError => new MapReduceError('BAD_INPUT', `this is no swarm key: ${why}`)
