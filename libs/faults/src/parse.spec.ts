import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_DURATION_MS } from '@ipfs-mapreduce/protocol'
import type { Fault, FaultKind } from './fault.ts'
import { formatFaults } from './format.ts'
import { parseFaults } from './parse.ts'
import { VOCABULARY } from './vocabulary.ts'

describe('the language of faults', () => {
  it('reads faults with their options, blanks free', () => {
    expect(parseFaults('crash:attempt,nth=3; delay : report , ms = 2000 ;\n drop:gossip,p=0.1+corrupt:block,p=5e-2 + ')).toEqual([
      { kind: 'crash', target: 'attempt', p: 1, nth: 3 },
      { kind: 'delay', target: 'report', p: 1, ms: 2000 },
      { kind: 'drop', target: 'gossip', p: 0.1 },
      { kind: 'corrupt', target: 'block', p: 0.05 }
    ])
    expect(parseFaults('skew:clock,ms=-3s,after=500ms,for=1.5s; skew:clock,rate=1.02; slow:execute,minMs=1s,maxMs=2m,times=4')).toEqual([
      { kind: 'skew', target: 'clock', p: 1, ms: -3000, afterMs: 500, forMs: 1500 },
      { kind: 'skew', target: 'clock', p: 1, rate: 1.02 },
      { kind: 'slow', target: 'execute', p: 1, minMs: 1000, maxMs: 120_000, times: 4 }
    ])
    expect(parseFaults('  ')).toEqual([])
  })

  it.each([
    ['crush:attempt', 1, "no kind 'crush': use one of drop, delay, "],
    ['drop:gossip; ; crash:atempt', 22, "no target of crash 'atempt': use one of attempt, fetch, execute, store, "],
    ['duplicate:ack', 11, "no target of duplicate 'ack'"],
    ['drop:', 6, 'a target of drop is missing'],
    ['drop', 1, "'drop' should be KIND:TARGET"],
    ['drop:gossip, q=1', 14, "no option of drop 'q': use one of p, nth, times, after, for"],
    ['drop:gossip,p=1.5', 15, 'p=1.5 should be a probability from 0 to 1'],
    ['drop:gossip,p=', 15, 'p= should be a probability'],
    ['drop:gossip,p', 13, "'p' should be key=value"],
    ['drop:gossip,nth=0', 17, 'nth=0 should be a whole number from 1'],
    ['drop:gossip,nth=1,nth=2', 19, 'nth is given twice'],
    ['drop:gossip,ms=2', 13, "no option of drop 'ms'"],
    ['delay:report', 1, 'delay needs ms= or maxMs='],
    ['delay:report,ms=-1', 17, 'ms=-1 should be milliseconds'],
    [`delay:report,ms=${MAX_DURATION_MS + 1}`, 17, 'should be milliseconds'],
    ['delay:report,ms=1,maxMs=2', 1, 'ms stands alone'],
    ['delay:report,minMs=3,maxMs=2', 1, 'minMs=3 is more than maxMs=2'],
    ['crash:execute,minMs=3', 1, 'minMs needs maxMs='],
    ['skew:clock', 1, 'skew needs ms= or rate='],
    ['skew:clock,rate=0', 17, 'rate=0 should be a number from 0.01 to 100'],
    ['drop:gossip,for=5 minutes', 17, 'for=5 minutes should be a duration such as 500ms, 5s or 2m'],
    ['drop:constructor', 6, "no target of drop 'constructor'"],
    ['toString:gossip', 1, "no kind 'toString'"]
  ])('refuses %j, and says where', (spec, character, reason) => {
    expect(() => parseFaults(spec)).toThrow(expect.objectContaining({ name: 'MapReduceError', code: 'BAD_INPUT', message: expect.stringContaining(reason) }))
    expect(() => parseFaults(spec)).toThrow(`faults, character ${character}: `)
  })

  it('reads what it writes: any faults come back equal', () => {
    fc.assert(fc.property(fc.array(anyFault()), faults => { expect(parseFaults(formatFaults(faults))).toEqual(faults) }))
  })
})

function anyFault (): fc.Arbitrary<Fault> {
  const ms = fc.integer({ min: 0, max: MAX_DURATION_MS })
  const values = { p: fc.double({ min: 0, max: 1, noNaN: true }).map(p => p + 0), nth: fc.integer({ min: 1 }), times: fc.integer({ min: 1 }), afterMs: ms, forMs: ms }
  return fc.constantFrom(...Object.keys(VOCABULARY) as FaultKind[]).chain(kind => {
    const { targets, options } = VOCABULARY[kind]
    const span = fc.oneof(ms.map(ms => ({ ms })), fc.tuple(ms, ms).map(([a, b]) => ({ minMs: Math.min(a, b), maxMs: Math.max(a, b) })))
    const special: fc.Arbitrary<Partial<Fault>> = kind === 'skew'
      ? fc.record({ ms: fc.integer({ min: -MAX_DURATION_MS, max: MAX_DURATION_MS }), rate: fc.double({ min: 0.01, max: 100, noNaN: true }) })
      : kind === 'reorder' ? fc.record({ maxMs: ms }) : 'ms' in options ? span : fc.constant({})
    const fields = new Set(Object.values(options).map(({ field }) => field))
    const common = fc.record(values, { requiredKeys: [] }).map(given => Object.fromEntries(Object.entries(given).filter(([field]) => fields.has(field as keyof typeof values))))
    return fc.record({ target: fc.constantFrom(...targets), special, common }).map(({ target, special, common }) => ({ kind, target, p: 1, ...special, ...common }))
  })
}
