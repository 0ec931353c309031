import { describe, expect, it } from '@jest/globals'
import { createMachine } from 'xstate'
import { mermaidOf } from './mermaid.ts'
import { kettleMachine } from './testing/kettle.ts'

describe('Mermaid diagram of a machine', () => {
  it('shows each kind of state and transition', () => {
    expect(mermaidOf(kettleMachine)).toBe(`stateDiagram-v2
    [*] --> off
    state "any state" as kettle_any
    kettle_any : ping / count
    state "off" as off
    off : press [else] / beep, count
    off : * / ignored
    state "on" as on {
        state "any state" as on_any
        --
        state "heater" as on_heater {
            [*] --> on_heater_heating
            state "any state" as on_heater_any
            on_heater_any : knock / emit
            state "heating" as on_heater_heating
            on_heater_heating : after 500 ms / beep
            state "boiled" as on_heater_boiled
            on_heater_boiled --> [*]
        }
        --
        state "lamp" as on_lamp
    }
    state "descaling" as descaling {
        [*] --> descaling_soaking
        state "soaking" as descaling_soaking
        state "rinsing" as descaling_rinsing
        state "before (history)" as descaling_before
    }
    state "broken" as broken
    broken --> [*]
    kettle_any --> broken : drop
    off --> on : press [isFull and not isHot]<br/>turn [isFull]
    off --> off : press [isAbove]
    on --> off : press<br/>done
    on_any --> on_heater_heating : again
    on_heater_any --> on_heater_heating : cool<br/>reset
    on_heater_heating --> on_heater_boiled : after boiling<br/>[isHot]
    on_lamp --> broken : short
    descaling_soaking --> descaling_soaking : stir
    descaling_soaking --> descaling_rinsing : drain
    descaling_rinsing --> off
    classDef any stroke-dasharray:4,font-style:italic
    class kettle_any,on_any,on_heater_any any
`)
  })

  it('puts a machine that is parallel as a whole into a state of its name', () => {
    expect(mermaidOf(createMachine({ id: 'lights', type: 'parallel', states: { red: {}, green: {} } }))).toBe(`stateDiagram-v2
    state "lights" as lights {
        state "red" as red
        --
        state "green" as green
    }
`)
  })

  it('escapes what Mermaid would read as syntax', () => {
    const machine = createMachine({ id: 'm', initial: 'a"b', states: { 'a"b': { on: { 'x:y;#z<': 'c' } }, c: {} } })
    expect(mermaidOf(machine).split('\n').slice(2, 5)).toEqual([
      '    state "a#34;b" as a_b', '    state "c" as c', '    a_b --> c : x#58;y#59;#35;z#60;'
    ])
  })

  it('gives a state that is named like a statement another id', () => {
    expect(mermaidOf(createMachine({ id: 'm', initial: 'note', states: { note: {} } }))).toBe(`stateDiagram-v2
    [*] --> note_
    state "note" as note_
`)
  })

  it('refuses two states of one Mermaid id', () => {
    const machine = createMachine({ id: 'm', initial: 'a', states: { a: { initial: 'b', states: { b: {} } }, a_b: {} } })
    expect(() => mermaidOf(machine)).toThrow('states "a.b" and "a_b" of m would both be drawn as a_b')
    const any = createMachine({ id: 'm', initial: 'm_any', on: { e: '.m_any' }, states: { m_any: {} } })
    expect(() => mermaidOf(any)).toThrow('states "" and "m_any" of m would both be drawn as m_any')
  })
})
