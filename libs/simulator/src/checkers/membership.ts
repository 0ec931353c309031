import type { CheckerOf } from './checker.ts'

/** A worker takes work only of masters that it has asked to join in this life of its process. */
export const membership: CheckerOf = ({ world }, violated) => {
  const asked = new Set<string>()
  return {
    name: 'work only of masters joined',
    observe (occurrence) {
      if (occurrence.type === 'started') for (const pair of [...asked]) if (pair.startsWith(`${occurrence.peer} `)) asked.delete(pair)
      if (occurrence.type !== 'sent') return
      const { from, to, cargo } = occurrence.consignment
      if (cargo.kind === 'request' && cargo.message.type === 'join') asked.add(`${from} ${to}`)
      if (cargo.kind === 'answer' && cargo.request.type === 'attemptAssigned' && cargo.message.type === 'ack' && !asked.has(`${from} ${to}`)) {
        violated(`${from} took an attempt of ${to}, which it never asked to join`)
      }
      if (cargo.kind === 'answer' && cargo.request.type === 'attemptAssigned' && cargo.message.type === 'ack' && (cargo.request.ref.kind === 'map') !== (world.role(from) === 'mapper')) {
        violated(`${from}, a ${world.role(from)}, took a ${cargo.request.ref.kind}`)
      }
    },
    finish () {}
  }
}
