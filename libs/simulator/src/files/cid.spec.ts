import { describe, expect, it } from '@jest/globals'
import { cidOf, codecOf } from './cid.ts'

describe('content-derived CIDs', () => {
  it('are those of IPFS for a raw leaf', () => {
    expect(cidOf('raw', new TextEncoder().encode('hello'))).toBe('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')
    expect(cidOf('raw', new Uint8Array(0))).toBe('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
  })

  it('tell what their block holds', () => {
    for (const codec of ['raw', 'dag-pb', 'dag-cbor'] as const) expect(codecOf(cidOf(codec, new Uint8Array([1])))).toBe(codec)
    expect(cidOf('dag-pb', new Uint8Array(0))).toMatch(/^bafybei[a-z2-7]{52}$/)
    expect(cidOf('dag-cbor', new Uint8Array(0))).toMatch(/^bafyrei[a-z2-7]{52}$/)
    expect(codecOf('word-count')).toBeUndefined()
    expect(codecOf('')).toBeUndefined()
  })
})
