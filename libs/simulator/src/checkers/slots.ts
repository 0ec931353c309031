import type { CheckerOf } from './checker.ts'

/** A worker executes no more attempts at once than it has slots, and no master gives it more. */
export const slots: CheckerOf = ({ scenario: { cluster: { slots } }, world, struck }, violated) => ({
  name: 'slots are not exceeded',
  observe (occurrence) {
    if (occurrence.type === 'executing' && occurrence.attempts > slots) violated(`${occurrence.peer} executes ${occurrence.attempts} attempts on ${slots} slots`)
    if (occurrence.type === 'sent' && occurrence.consignment.cargo.kind === 'request' && occurrence.consignment.cargo.message.type === 'attemptAssigned') {
      const { from, to } = occurrence.consignment
      const given = world.master(from)?.status().workers.find(({ peer }) => peer === to)
      // A damaged heartbeat may claim more slots than there are; it is the worker's to refuse then.
      if (given !== undefined && given.running > slots && !struck('corrupt')) violated(`${from} has given ${given.running} attempts to ${to}, which has ${slots} slots`)
    }
  },
  finish () {}
})
