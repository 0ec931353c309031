import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isClusterName, parseTopicName, topicName, TOPICS } from './topics.ts'

describe('topics', () => {
  it('are written in one way', () => {
    expect(topicName('local', 'workers')).toBe('/ipfs/mapreduce/1.0.0/local/workers')
  })

  it('come back as what was written', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9-]{1,63}$/), fc.constantFrom(...TOPICS), (cluster, topic) => {
      expect(parseTopicName(topicName(cluster, topic))).toEqual({ cluster, topic })
    }))
  })

  it.each(['', 'Local', 'a/b', 'a b', 'ä', 'a'.repeat(64), '..', 'a\n'])('refuse the cluster %j', cluster => {
    expect(isClusterName(cluster)).toBe(false)
    expect(() => topicName(cluster, 'jobs')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })

  it.each([
    '/ipfs/mapreduce/1.0.0/local', '/ipfs/mapreduce/1.0.0/local/workers/', '/ipfs/mapreduce/1.0.0//workers', '/ipfs/mapreduce/1.0.0/local/others',
    '/ipfs/mapreduce/2.0.0/local/workers', 'local/workers', '', '/ipfs/mapreduce/1.0.0/LOCAL/jobs'
  ])('parse nothing from %j', name => {
    expect(parseTopicName(name)).toBeUndefined()
  })

  it('any text parses to nothing or to what writes it', () => {
    fc.assert(fc.property(fc.string(), tail => {
      const name = `/ipfs/mapreduce/1.0.0/${tail}`
      const parsed = parseTopicName(name)
      if (parsed !== undefined) { expect(topicName(parsed.cluster, parsed.topic)).toBe(name) }
    }))
  })
})
