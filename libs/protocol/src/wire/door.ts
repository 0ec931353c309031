import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_ADDRESS_CHARS, MAX_ADDRESSES, MAX_CID_CHARS, MAX_DURATION_MS, MAX_NAME_CHARS } from '../constants.ts'
import { isClusterName } from '../topics.ts'

/**
 * The judges of single fields. Each returns the value or throws `BAD_INPUT` naming the field; none trusts its
 * argument to be what its type says, because it may come from a stranger.
 */

const CID_V0 = /^Qm[1-9A-HJ-NP-Za-km-z]{44}$/
/** CIDv1 in base 32, base 36 or base 58; the shortest there is names an empty identity hash. */
const CID_V1 = /^(?:b[a-z2-7]{6,}|k[0-9a-z]{6,}|z[1-9A-HJ-NP-Za-km-z]{6,})$/
/** Printable ASCII without blanks: ids travel in logs and on command lines. */
const NAME = /^[\x21-\x7e]+$/

export function refuse (field: string, why: string): MapReduceError {
  return new MapReduceError('BAD_INPUT', `Bad message: ${field} ${why}`)
}

export function required<T> (field: string, value: T | undefined): T {
  if (value === undefined) { throw refuse(field, 'is missing') }
  return value
}

/** An integer of min to max, by default any that is safe and not negative. */
export function whole (field: string, value: number, max = Number.MAX_SAFE_INTEGER, min = 0): number {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw refuse(field, `is ${value}, must be an integer of ${min} to ${max}`)
  }
  return value
}

export function duration (field: string, ms: number): number {
  return whole(field, ms, MAX_DURATION_MS)
}

/** Well-formed text of min to max UTF-16 units. */
export function text (field: string, value: string, max: number, min = 0): string {
  if (value.length > max || value.length < min) { throw refuse(field, `has ${value.length} characters, must have ${min} to ${max}`) }
  if (!value.isWellFormed()) { throw refuse(field, 'is not well-formed Unicode') }
  return value
}

/** Text for people, cut rather than refused: a long error message must still arrive. */
export function cut (value: string, max: number): string {
  if (value.length <= max) { return value.toWellFormed() }
  const kept = value.slice(0, max - 1)
  return `${kept.replace(/[\ud800-\udbff]$/, '').toWellFormed()}…`
}

/** A job id, peer id or program word. */
export function name (field: string, value: string): string {
  if (!NAME.test(text(field, value, MAX_NAME_CHARS, 1))) { throw refuse(field, 'has a character that is not printable ASCII') }
  return value
}

export function cid (field: string, value: string): string {
  if (value.length > MAX_CID_CHARS || !(CID_V0.test(value) || CID_V1.test(value))) {
    throw refuse(field, `is not a CID: ${JSON.stringify(value.slice(0, MAX_CID_CHARS))}`)
  }
  return value
}

export function cluster (field: string, value: string): string {
  if (!isClusterName(value)) { throw refuse(field, 'cannot name a cluster') }
  return value
}

export function list<T> (field: string, items: T[], max: number): T[] {
  if (items.length > max) { throw refuse(field, `has ${items.length} items, may have ${max}`) }
  return items
}

/** Multiaddrs by their look; whoever dials them parses them. */
export function addresses (field: string, values: string[]): string[] {
  return list(field, values, MAX_ADDRESSES).map(value => {
    if (!value.startsWith('/')) { throw refuse(field, `has what is no multiaddr: ${JSON.stringify(value.slice(0, 100))}`) }
    return text(field, value, MAX_ADDRESS_CHARS, 2)
  })
}

/** Proto3 has no absent string: empty is absent. */
export function optional<T> (value: string, judge: (value: string) => T): T | undefined {
  return value === '' ? undefined : judge(value)
}
