import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_ANNOUNCEMENT_BYTES, MAX_MESSAGE_BYTES } from './constants.ts'
import type { Announcement, Message } from './messages.ts'
import * as pb from './pb/messages.ts'
import { announcementBodies, messageBodies } from './wire/bodies.ts'
import { write } from './wire/writer.ts'

/** One message as the bytes of a protobuf `Message`. Throws `BAD_INPUT` on what `decodeMessage` would refuse. */
export function encodeMessage (message: Message): Uint8Array {
  return encoded(messages, message, `A ${message.type}`)
}

/** The same of a message that `decodeMessage` gave and nobody has changed: it is not judged once more. */
export function encodeTaken (message: Message): Uint8Array {
  return written(messages, message.type, messages.bodies[message.type].encode(message), `A ${message.type}`)
}

/**
 * The message that a stranger's bytes hold: at most MAX_MESSAGE_BYTES, exactly one body, required fields present,
 * every text, list and number within its bound. Unknown fields are skipped. Throws `BAD_INPUT` with the reason.
 */
export function decodeMessage (bytes: Uint8Array): Message {
  return decoded(messages, bytes, 'A message')
}

/** One announcement as the bytes of a protobuf `Announcement`. Throws `BAD_INPUT` on what `decodeAnnouncement` would refuse. */
export function encodeAnnouncement (announcement: Announcement): Uint8Array {
  return encoded(announcements, announcement, `A ${announcement.type} announcement`)
}

/** As `decodeMessage`, for at most MAX_ANNOUNCEMENT_BYTES of a topic. */
export function decodeAnnouncement (bytes: Uint8Array): Announcement {
  return decoded(announcements, bytes, 'An announcement')
}

interface Body<M> {
  encode: (message: M) => unknown
  decode: (body: unknown) => M
}

interface Envelope<M extends { type: string }> {
  bodies: Record<M['type'], Body<M>>
  write: (bodies: Record<string, unknown>) => Uint8Array
  read: (bytes: Uint8Array) => Record<string, unknown>
  maxBytes: number
}

// A body is only ever handed to the coder of its own type: the table is looked up by that type.
const messages: Envelope<Message> = {
  bodies: messageBodies as unknown as Record<Message['type'], Body<Message>>,
  write: bodies => write(pb.Message.codec(), bodies),
  read: bytes => ({ ...pb.Message.decode(bytes) }),
  maxBytes: MAX_MESSAGE_BYTES
}

const announcements: Envelope<Announcement> = {
  bodies: announcementBodies as unknown as Record<Announcement['type'], Body<Announcement>>,
  write: bodies => write(pb.Announcement.codec(), bodies),
  read: bytes => ({ ...pb.Announcement.decode(bytes) }),
  maxBytes: MAX_ANNOUNCEMENT_BYTES
}

function encoded<M extends { type: string }> (envelope: Envelope<M>, message: M, what: string): Uint8Array {
  const coder = envelope.bodies[message.type as M['type']]
  const body = coder.encode(message)
  // What the receiver would refuse is refused here, where it can still be mended.
  coder.decode(body)
  return written(envelope, message.type, body, what)
}

function written<M extends { type: string }> (envelope: Envelope<M>, type: string, body: unknown, what: string): Uint8Array {
  const bytes = envelope.write({ [type]: body })
  checkSize(bytes, envelope.maxBytes, what)
  return bytes
}

function decoded<M extends { type: string }> (envelope: Envelope<M>, bytes: Uint8Array, what: string): M {
  checkSize(bytes, envelope.maxBytes, what)
  const [body, ...more] = Object.entries(parsed(envelope, bytes, what)).filter(([, value]) => value !== undefined)
  if (body === undefined || more.length > 0) {
    throw new MapReduceError('BAD_INPUT', `${what} must have exactly one body that this version knows`)
  }
  return envelope.bodies[body[0] as M['type']].decode(body[1])
}

function parsed<M extends { type: string }> (envelope: Envelope<M>, bytes: Uint8Array, what: string): Record<string, unknown> {
  try {
    return envelope.read(bytes)
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `${what} of ${bytes.byteLength} bytes cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function checkSize (bytes: Uint8Array, maxBytes: number, what: string): void {
  if (bytes.byteLength > maxBytes) {
    throw new MapReduceError('BAD_INPUT', `${what} of ${bytes.byteLength} bytes is too large: at most ${maxBytes} may be sent`)
  }
}
