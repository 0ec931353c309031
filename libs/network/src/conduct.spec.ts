import { beforeEach, describe, expect, it } from '@jest/globals'
import { Conduct } from './conduct.ts'
import type { Offence } from './conduct.ts'
import { BAN_MS, FORGIVEN_POINTS_PER_SECOND, MAX_JUDGED_PEERS, MAX_OFFENCE_POINTS } from './constants.ts'

let nowMs: number
let banned: string[]
let conduct: Conduct
beforeEach(() => {
  nowMs = 0
  banned = []
  conduct = new Conduct({ nowMs: () => nowMs, onBanned: (peer, last) => { banned.push(`${peer} ${last}`) } })
})
const commit = (offence: Offence, times: number): void => { for (let n = 0; n < times; n++) conduct.note(offence, 'p') }

describe('a peer', () => {
  it.each<[Offence, number]>([['oversized', 10], ['malformed', 10], ['forged', 10], ['replayed', 100], ['unauthorized', 500]])('that sends what is %s is banned at the %i-th time', (offence, times) => {
    commit(offence, times - 1)
    expect(banned).toEqual([])
    expect(conduct.isBanned('p')).toBe(false)
    commit(offence, 1)
    expect(banned).toEqual([`p ${offence}`])
    expect(conduct.isBanned('p')).toBe(true)
    expect(conduct.isBanned('q')).toBe(false)
    expect(conduct.counts()[offence]).toBe(times)
  })

  it('is let in again, with nothing held against it', () => {
    commit('malformed', 10)
    nowMs = BAN_MS - 1
    expect(conduct.isBanned('p')).toBe(true)
    nowMs = BAN_MS
    expect(conduct.isBanned('p')).toBe(false)
    commit('malformed', 9)
    expect(banned).toHaveLength(1)
  })

  it('is forgiven with time: what is rare goes on for ever', () => {
    const everyMs = MAX_OFFENCE_POINTS / 10 / FORGIVEN_POINTS_PER_SECOND * 1000
    for (let n = 0; n < 1_000; n++) {
      commit('malformed', 1)
      nowMs += everyMs
    }
    expect(banned).toEqual([])
    for (let n = 0; n < 1_000 && banned.length === 0; n++) {
      commit('malformed', 1)
      nowMs += everyMs / 2
    }
    expect(banned).toEqual(['p malformed'])
  })

  it('is banned once for what is still under way from it', () => {
    commit('oversized', 30)
    expect(banned).toHaveLength(1)
    expect(conduct.counts().oversized).toBe(30)
  })
})

describe('offenders', () => {
  it('are told of, the last ones first, until they are forgiven', () => {
    commit('malformed', 1)
    conduct.note('stranger')
    for (let n = 0; n < 10; n++) conduct.note('forged', 'q')
    conduct.note('unlisted', 'r')
    expect(conduct.offenders(5)).toEqual([
      { peer: 'q', points: 0, last: 'forged', isBanned: true },
      { peer: 'p', points: MAX_OFFENCE_POINTS / 10, last: 'malformed', isBanned: false }
    ])
    expect(conduct.offenders(1)).toMatchObject([{ peer: 'q' }])
    nowMs = 1_000
    expect(conduct.offenders(5)[1]).toMatchObject({ peer: 'p', points: MAX_OFFENCE_POINTS / 10 - FORGIVEN_POINTS_PER_SECOND })
    nowMs = BAN_MS - 1
    expect(conduct.offenders(5)[1]).toMatchObject({ peer: 'p', points: 0 })
    nowMs = BAN_MS
    expect(conduct.offenders(5)).toEqual([])
  })
})

describe('memory', () => {
  it('does not grow with the number of peers, nor with strangers', () => {
    commit('malformed', 9)
    for (let n = 0; n < MAX_JUDGED_PEERS; n++) conduct.note('malformed', `s${n}`)
    // Forgotten: a tenth offence is its first.
    commit('malformed', 1)
    expect(banned).toEqual([])
    for (let n = 0; n < 10_000; n++) conduct.note('stranger')
    expect(conduct.counts().stranger).toBe(10_000)
  })
})
