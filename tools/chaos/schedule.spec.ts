import { describe, expect, it } from '@jest/globals'
import { LEASE_MS } from '@ipfs-mapreduce/protocol'
import { ALL_KINDS, specOf } from './kinds.ts'
import { CLEAR } from './link.ts'
import { FAULT_WINDOW_MS, formatFault, roundAt } from './schedule.ts'
import type { Fault, Round, ScheduleInit } from './schedule.ts'

const WORKERS = ['mapper-1', 'mapper-2', 'mapper-3', 'reducer-1', 'reducer-2']
const init = (seed: string): ScheduleInit => ({ seed, kinds: ALL_KINDS, master: 'master', workers: WORKERS })
const rounds = (seed: string, count: number): Round[] => Array.from({ length: count }, (_, n) => roundAt(init(seed), n + 1))
const many = rounds('7', 400)
const faults = many.flatMap(round => round.faults)
const ofKind = (kind: Fault['kind']): Fault[] => faults.filter(fault => fault.kind === kind)

describe('the schedule of a seed', () => {
  it('is the same each time, and another of another seed', () => {
    expect(rounds('7', 400)).toEqual(many)
    expect(rounds('8', 400)).not.toEqual(many)
  })

  it('is what it is: a change of it makes the seeds of old reports useless', () => {
    expect(rounds('1', 8).flatMap(round => round.faults.map(fault => `${round.number} ${formatFault(fault)}`))).toEqual([
      '2 partition reducer-1 at 2.5 s for 2.8 s',
      '3 delay reducer-1 (349 ms) at 1.4 s for 6.7 s',
      '4 partition mapper-1 at 1.3 s for 2.5 s',
      '4 stop-long reducer-2 at 1.8 s for 7.0 s',
      '4 stop-short mapper-2 at 1.9 s for 1.5 s',
      '6 drain mapper-3 at 1.8 s',
      '7 one-way reducer-2 (outgoing) at 0.3 s for 1.3 s',
      '8 stop-short mapper-1 at 0.4 s for 1.4 s',
      '8 loss mapper-2 (5 %) at 1.6 s for 7.3 s',
      '8 stop-short reducer-2 at 1.7 s for 2.6 s'
    ])
  })

  it('does not depend on which rounds were asked for before', () => {
    expect(roundAt(init('7'), 123)).toEqual(many[122])
  })

  it('has a calm round, two of one fault, and a storm over two jobs, again and again', () => {
    expect(many.slice(0, 8).map(({ jobs, faults }) => `${jobs.length} ${Math.min(faults.length, 2)}`)).toEqual(['1 0', '1 1', '1 1', '2 2', '1 0', '1 1', '1 1', '2 2'])
  })

  it('lets every kind strike alone before one does again', () => {
    const single = many.filter(({ jobs, faults }) => jobs.length === 1 && faults.length > 0).map(({ faults }) => faults[0]!.kind)
    for (let from = 0; from + ALL_KINDS.length <= single.length; from += ALL_KINDS.length) {
      expect(new Set(single.slice(from, from + ALL_KINDS.length)).size).toBe(ALL_KINDS.length)
    }
  })

  it('strikes each victim once a round, in the time of a job, those whom its kind may strike', () => {
    for (const { faults } of many) expect(new Set(faults.map(({ victim }) => victim)).size).toBe(faults.length)
    for (const { kind, victim, atMs } of faults) {
      expect(atMs).toBeLessThan(FAULT_WINDOW_MS)
      const { victims } = specOf(kind)
      expect(victims === 'all' || (victims === 'master') === (victim === 'master')).toBe(true)
    }
    expect(new Set(faults.map(({ victim }) => victim))).toEqual(new Set(['master', ...WORKERS]))
  })

  it('stops processes for less and for more than a lease', () => {
    expect(Math.max(...ofKind('stop-short').map(({ forMs }) => forMs))).toBeLessThan(LEASE_MS)
    expect(Math.min(...ofKind('stop-long').map(({ forMs }) => forMs))).toBeGreaterThan(LEASE_MS)
  })

  it('cuts lines off in both directions, and in each', () => {
    expect(ofKind('partition').every(({ line }) => line?.in?.cut === true && line.out?.cut === true)).toBe(true)
    expect(new Set(ofKind('one-way').map(({ line }) => Object.entries(line ?? {}).map(([direction, { cut }]) => `${direction} ${cut}`).join()))).toEqual(new Set(['in true', 'out true']))
    expect(ofKind('loss').every(({ line }) => line!.in!.loss >= 0.02 && line!.in!.loss <= 0.2)).toBe(true)
    expect(faults.filter(({ line }) => line === undefined).every(({ kind }) => specOf(kind).network !== true)).toBe(true)
  })

  it('injects the kinds that are wanted alone', () => {
    const only = Array.from({ length: 40 }, (_, n) => roundAt({ ...init('7'), kinds: ['drain'] }, n + 1)).flatMap(round => round.faults)
    expect(new Set(only.map(({ kind }) => kind))).toEqual(new Set(['drain']))
  })
})

describe('a fault in words', () => {
  it.each<[Partial<Fault>, string]>([
    [{ kind: 'stop-long', forMs: 6300 }, 'stop-long mapper-2 at 1.2 s for 6.3 s'],
    [{ kind: 'drain' }, 'drain mapper-2 at 1.2 s'],
    [{ kind: 'one-way', forMs: 100, line: { out: { ...CLEAR, cut: true } } }, 'one-way mapper-2 (outgoing) at 1.2 s for 0.1 s'],
    [{ kind: 'loss', forMs: 100, line: { in: { ...CLEAR, loss: 0.07 }, out: { ...CLEAR, loss: 0.07 } } }, 'loss mapper-2 (7 %) at 1.2 s for 0.1 s']
  ])('%j', (fault, words) => {
    expect(formatFault({ kind: 'drain', victim: 'mapper-2', atMs: 1200, forMs: 0, ...fault })).toBe(words)
  })
})
