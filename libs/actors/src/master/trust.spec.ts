import { describe, expect, it } from '@jest/globals'
import { MAX_BLACKLIST } from '@ipfs-mapreduce/protocol'
import { BLACKLIST_FAILURES } from '@ipfs-mapreduce/state-machines'
import { Trust } from './trust.ts'

function failed (trust: Trust, worker: string, times = BLACKLIST_FAILURES): boolean[] {
  return Array.from({ length: times }, () => trust.failed(worker, 'TRANSIENT'))
}

describe('trust', () => {
  it('blacklists a worker at its third failure, once', () => {
    const trust = new Trust()
    expect(failed(trust, 'w', BLACKLIST_FAILURES + 1)).toEqual([false, false, true, false])
    expect([trust.isBlacklisted('w'), trust.isBanned('w'), trust.blacklist()]).toEqual([true, false, ['w']])
  })

  it('does not blame workers for what they have no part in', () => {
    const trust = new Trust()
    for (let i = 0; i < 2 * BLACKLIST_FAILURES; i++) expect(trust.failed('w', 'PROGRAM')).toBe(false)
    expect(trust.isBlacklisted('w')).toBe(false)
  })

  it('lists who is banned, and nobody twice', () => {
    const trust = new Trust()
    expect([trust.ban('w'), trust.ban('w')]).toEqual([true, false])
    failed(trust, 'w')
    expect(trust.blacklist()).toEqual(['w'])
  })

  it('lists no more than a status may name, however many there are', () => {
    const trust = new Trust()
    for (let i = 0; i <= MAX_BLACKLIST; i++) failed(trust, `w${i}`)
    expect(trust.blacklist()).toHaveLength(MAX_BLACKLIST)
    expect(trust.isBlacklisted(`w${MAX_BLACKLIST}`)).toBe(true)
  })
})
