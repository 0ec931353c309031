import { describe, expect, it } from '@jest/globals'
import { peerIdFromString } from '@libp2p/peer-id'
import { CID } from 'multiformats/cid'
import { silent } from './log.ts'
import { PeerLink } from './peer-link.ts'
import type { PeerLinkComponents } from './peer-link.ts'

const wanted = (key: string) => ({ key, cid: CID.parse('bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e') })

describe('a link to a peer', () => {
  it('tells of what was asked for after its connection was lost, though a dial for the one before fails then', async () => {
    const dials: Array<(error: Error) => void> = []
    const unsent = Promise.withResolvers<string[]>()
    let dialled = Promise.withResolvers<undefined>()
    const libp2p = {
      getConnections: () => [],
      dial: async () => await new Promise((_, reject) => {
        dials.push(reject)
        dialled.resolve(undefined)
      })
    }
    const components = {
      libp2p, log: silent, onUnsent: (_: PeerLink, keys: string[]) => { unsent.resolve(keys) }
    } as unknown as PeerLinkComponents
    const link = new PeerLink(peerIdFromString('12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf'), components)
    link.ask(wanted('before'))
    await dialled.promise
    expect(link.lost()).toEqual(['before'])
    link.ask(wanted('after'))
    dialled = Promise.withResolvers()
    dials[0]!(new Error('gone'))
    await dialled.promise
    dials[1]!(new Error('still gone'))
    expect(await unsent.promise).toEqual(['after'])
    link.close()
  })
})
