import { describe, expect, it } from '@jest/globals'
import { MemoryDatastore } from 'datastore-core'
import { Key } from 'interface-datastore'
import { loadOrCreateKey } from './identity.ts'

describe('the key of a node', () => {
  it('is the same again on the same datastore, and another on another', async () => {
    const datastore = new MemoryDatastore()
    const first = await loadOrCreateKey(datastore)
    expect(first.type).toBe('Ed25519')
    expect((await loadOrCreateKey(datastore)).equals(first)).toBe(true)
    expect((await loadOrCreateKey(new MemoryDatastore())).equals(first)).toBe(false)
  })

  it('is not replaced where it cannot be read', async () => {
    const datastore = new MemoryDatastore()
    await datastore.put(new Key('/ipfs-mapreduce/private-key'), Uint8Array.of(1, 2, 3))
    await expect(loadOrCreateKey(datastore)).rejects.toEqual(expect.objectContaining({ code: 'STORAGE' }))
  })
})
