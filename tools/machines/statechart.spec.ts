import { describe, expect, it } from '@jest/globals'
import { causeText, reactionText, statechartOf, withinState } from './statechart.ts'
import { kettleMachine } from './testing/kettle.ts'

const { name, root, arrows, delays } = statechartOf(kettleMachine)
const states = new Map(withinState(root).map(state => [state.id, state]))
const arrow = (from: string, to: string): string[] => arrows.find(arrow => arrow.from === from && arrow.to === to)!.causes.map(causeText)
const reactions = (id: string): string[] => states.get(id)!.reactions.map(reactionText)

describe('statechart of a machine', () => {
  it('has its states as a tree in document order', () => {
    expect(name).toBe('kettle')
    expect([...states.values()].map(({ id, kind, initial }) => [id, kind, initial])).toEqual([
      ['', 'compound', 'off'], ['off', 'atomic', undefined],
      ['on', 'parallel', undefined], ['on.heater', 'compound', 'on.heater.heating'], ['on.heater.heating', 'atomic', undefined],
      ['on.heater.boiled', 'final', undefined], ['on.lamp', 'atomic', undefined],
      ['descaling', 'compound', 'descaling.soaking'], ['descaling.soaking', 'atomic', undefined], ['descaling.rinsing', 'atomic', undefined],
      ['descaling.before', 'history', undefined], ['broken', 'final', undefined]
    ])
  })

  it('has one arrow for all transitions between two states', () => {
    expect(arrow('off', 'on')).toEqual(['press [isFull and not isHot]', 'turn [isFull]'])
    expect(arrow('on', 'off')).toEqual(['press', 'done'])
    expect(new Set(arrows.map(({ from, to }) => `${from} ${to}`)).size).toBe(arrows.length)
  })

  it('names delays, and tells what time brings about', () => {
    expect(delays).toEqual(['500 ms', 'boiling'])
    expect(arrow('on.heater.heating', 'on.heater.boiled')).toEqual(['after boiling', '[isHot]'])
    expect(arrows.flatMap(({ causes }) => causes).filter(({ timed }) => timed).map(({ on }) => on)).toEqual(['after boiling'])
    expect(reactions('on.heater.heating')).toEqual(['after 500 ms / beep'])
  })

  it('keeps what is answered without leaving a state, and what is ignored', () => {
    expect(reactions('off')).toEqual(['press [else] / beep, count', '* / ignored'])
    expect(reactions('')).toEqual(['ping / count'])
    expect(reactions('on.heater')).toEqual(['knock / emit'])
  })

  it('tells arrows into a state\'s own inside, and the states that have them', () => {
    expect(arrows.filter(({ inward }) => inward).map(({ from, to }) => [from, to])).toEqual([
      ['', 'broken'], ['on', 'on.heater.heating'], ['on.heater', 'on.heater.heating']
    ])
    expect([...states.values()].filter(({ roams }) => roams).map(({ id }) => id)).toEqual(['', 'on', 'on.heater'])
  })

  it('lets a return to a composite state end where that begins', () => {
    expect(arrow('on', 'on.heater.heating')).toEqual(['again'])
    expect(arrow('on.heater', 'on.heater.heating')).toEqual(['cool', 'reset'])
    expect(arrow('descaling.soaking', 'descaling.soaking')).toEqual(['stir'])
  })

  it('draws a transition that always holds without words', () => {
    expect(arrow('descaling.rinsing', 'off')).toEqual([''])
    expect(arrow('off', 'off')).toEqual(['press [isAbove]'])
  })
})
