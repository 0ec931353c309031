import { emit, setup } from 'xstate'
import type { Timing } from './timing.ts'

/** What a master's machine begins with. */
export interface MasterInput {
  timing: Pick<Timing, 'advertMs'>
}

/** What moves it, beside time. */
export type MasterEvent = { type: 'stop' }

/** `advertise`: say on the cluster's topic who is master. `sweep`: strike off workers that have not been seen. */
export type MasterCommand = { type: 'advertise' } | { type: 'sweep' }

/** The beat of a master: as long as it serves, it advertises itself and sweeps its table of workers. */
export const masterMachine = setup({
  types: {
    context: {} as MasterInput,
    input: {} as MasterInput,
    events: {} as MasterEvent,
    emitted: {} as MasterCommand
  },
  delays: {
    advert: ({ context }) => context.timing.advertMs
  }
}).createMachine({
  id: 'master',
  context: ({ input }) => input,
  initial: 'serving',
  states: {
    serving: {
      entry: [emit({ type: 'advertise' }), emit({ type: 'sweep' })],
      on: { stop: 'stopped' },
      after: { advert: { target: 'serving', reenter: true } }
    },
    stopped: { type: 'final' }
  }
})
