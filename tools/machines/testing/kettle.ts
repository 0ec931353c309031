import { and, emit, not, setup } from 'xstate'

/** A small machine with one of each kind of state and transition that can be drawn. */
export const kettleMachine = setup({
  types: { events: {} as { type: string } },
  delays: { boiling: 90_000 },
  guards: { isFull: () => true, isHot: () => true, isAbove: (_, { degrees }: { degrees: number }) => degrees > 0 },
  actions: { beep: () => {}, count: () => {} }
}).createMachine({
  id: 'kettle',
  initial: 'off',
  on: {
    drop: '.broken',
    ping: { actions: 'count' }
  },
  states: {
    off: {
      on: {
        press: [
          { guard: and(['isFull', not('isHot')]), target: 'on' },
          { guard: { type: 'isAbove', params: { degrees: 90 } }, target: 'off', reenter: true },
          { actions: ['beep', 'count'] }
        ],
        turn: { guard: 'isFull', target: 'on' },
        '*': {}
      }
    },
    on: {
      type: 'parallel',
      on: { press: 'off', again: { target: 'on', reenter: true } },
      onDone: 'off',
      states: {
        heater: {
          initial: 'heating',
          on: { cool: '.heating', reset: '#kettle.on', knock: { actions: emit({ type: 'ring' }) } },
          states: {
            heating: { always: { guard: 'isHot', target: 'boiled' }, after: { boiling: 'boiled', 500: { actions: 'beep' } } },
            boiled: { type: 'final' }
          }
        },
        lamp: { on: { short: '#kettle.broken' } }
      }
    },
    descaling: {
      initial: 'soaking',
      states: {
        soaking: { on: { stir: '#kettle.descaling', drain: 'rinsing' } },
        rinsing: { always: '#kettle.off' },
        before: { type: 'history' }
      }
    },
    broken: { type: 'final' }
  }
})
