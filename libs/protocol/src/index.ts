/**
 * The wire: messages, their codec, topics, bounds, and the port to other peers.
 *
 * @module @ipfs-mapreduce/protocol
 */
export { decodeAnnouncement, decodeMessage, encodeAnnouncement, encodeMessage, encodeTaken } from './codec.ts'
export * from './constants.ts'
export type * from './messages.ts'
export type * from './network.ts'
export { isClusterName, parseTopicName, topicName, TOPICS } from './topics.ts'
export { formatInputFormat, parseInputFormat } from './wire/input-format.ts'
export { UnauthorizedError } from './unauthorized.ts'
