import { BadUsage } from '../command/options.ts'
import { ALL_KINDS, specOf } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { namespacesFault } from './namespaces.ts'

/** What this machine can be put through. */
export interface Abilities {
  kinds: Kind[]
  /** Kinds that cannot be injected, with why. */
  leftOut?: { kinds: Kind[], why: string }
  network: boolean
}

/** @throws BadUsage where only kinds are wanted that cannot be had */
export async function findAbilities ({ only, loopback }: { only: Kind[] | undefined, loopback: boolean }): Promise<Abilities> {
  const wanted = only ?? ALL_KINDS
  const why = loopback ? 'all processes are on loopback, as was asked' : await namespacesFault()
  if (why === undefined) return { kinds: wanted, network: true }
  const ofNetwork = wanted.filter(kind => specOf(kind).network === true)
  const kinds = wanted.filter(kind => !ofNetwork.includes(kind))
  if (kinds.length === 0) throw new BadUsage(`--only ${wanted.join(',')}: ${why}`)
  return { kinds, leftOut: ofNetwork.length === 0 ? undefined : { kinds: ofNetwork, why }, network: false }
}
