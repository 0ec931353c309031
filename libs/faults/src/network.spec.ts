import { isDeepStrictEqual } from 'node:util'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { REQUEST_TIMEOUT_MS, type Announcement, type Message, type Network } from '@ipfs-mapreduce/protocol'
import { inject, watch, type Injected } from './injection.spec.support.ts'
import { ack, assigned, beat, completed, query, twoPeers } from './network.spec.support.ts'

let b: Network
let inner: Network
/** What `b` was asked. */
let asked: Message[]

beforeEach(() => {
  [inner, b] = twoPeers()
  asked = []
  b.handle(async (_, message) => {
    asked.push(message)
    return ack
  })
})

function faulty (spec: string, seed?: number): Injected & { a: Network } {
  const injected = inject(spec, seed)
  return { ...injected, a: injected.network(inner) }
}

describe('messages that are asked', () => {
  it('are lost in silence: the request ends when its time is up', async () => {
    const { a, time, struck } = faulty('drop:report,nth=1')
    const lost = watch(a.request('b', completed))
    expect(await a.request('b', query)).toEqual(ack)
    await time.advance(REQUEST_TIMEOUT_MS - 1)
    expect(lost.state).toBe('pending')
    await time.advance(1)
    expect(lost).toMatchObject({ state: 'rejected', error: { code: 'UNREACHABLE', message: expect.stringContaining('b') } })
    expect(asked).toEqual([query])
    expect(await a.request('b', completed)).toEqual(ack)
    expect(struck).toEqual(['drop:report'])
    expect(time.pending()).toEqual([])
  })

  it('end with their signal, and with the network', async () => {
    const { a, time } = faulty('drop:request')
    const aborting = new AbortController()
    const aborted = watch(a.request('b', query, { signal: aborting.signal }))
    const closed = watch(a.request('b', query))
    aborting.abort(new Error('enough'))
    await time.advance(0)
    expect(aborted).toMatchObject({ state: 'rejected', error: { code: 'ABORTED', message: expect.stringContaining('enough') } })
    expect(closed.state).toBe('pending')
    await a.close()
    await time.advance(0)
    expect(closed).toMatchObject({ state: 'rejected', error: { code: 'ABORTED' } })
    expect(time.pending()).toEqual([])
  })

  it('are late, and then answered', async () => {
    const { a, time } = faulty('delay:report,ms=2000')
    const late = watch(a.request('b', completed))
    await time.advance(1999)
    expect([late.state, asked]).toEqual(['pending', []])
    await time.advance(1)
    expect([late.value, asked]).toEqual([ack, [completed]])
  })

  it('arrive after their caller has given up', async () => {
    const { a, time } = faulty(`delay:report,ms=${REQUEST_TIMEOUT_MS + 500}`)
    const late = watch(a.request('b', completed))
    await time.advance(REQUEST_TIMEOUT_MS)
    expect([late.error?.code, asked]).toEqual(['UNREACHABLE', []])
    await time.advance(500)
    expect(asked).toEqual([completed])
  })

  it('overtake each other', async () => {
    const { a, time } = faulty('reorder:request,maxMs=1000', 3)
    const sent = Array.from({ length: 10 }, (_, n) => String(n))
    for (const job of sent) watch(a.request('b', { type: 'statusQuery', job }))
    await time.advance(1000)
    const arrived = asked.map(message => message.type === 'statusQuery' ? message.job : '')
    expect([...arrived].sort()).toEqual(sent)
    expect(arrived).not.toEqual(sent)
  })

  it('come twice, and the first answer counts', async () => {
    const { a } = faulty('duplicate:report')
    let answers = 0
    b.handle(async (_, message) => {
      asked.push(message)
      if (answers++ > 0) throw new MapReduceError('REFUSED', 'once is enough')
      return ack
    })
    expect(await a.request('b', completed)).toEqual(ack)
    expect(asked).toEqual([completed, completed])
  })

  it('that are changed are refused by the decoder, or arrive changed', async () => {
    const { a, struck } = faulty('corrupt:attemptCompleted')
    const outcomes = await Promise.all(Array.from({ length: 200 }, async () => await a.request('b', completed).then(() => 'taken', (error: MapReduceError) => error.code)))
    expect(new Set(outcomes)).toEqual(new Set(['taken', 'BAD_INPUT']))
    expect(asked.length).toBe(outcomes.filter(outcome => outcome === 'taken').length)
    expect(asked.some(message => !isDeepStrictEqual(message, completed))).toBe(true)
    expect(struck.length).toBe(200)
  })
})

describe('answers', () => {
  it('are lost after the work was done', async () => {
    const { a, time } = faulty('drop:ack')
    const lost = watch(a.request('b', query))
    await time.advance(REQUEST_TIMEOUT_MS)
    expect([lost.error?.code, asked]).toEqual(['UNREACHABLE', [query]])
  })

  it('are late as they leave, refusals too', async () => {
    const { a, time } = faulty('delay:answer,ms=100')
    a.handle(async () => { throw new MapReduceError('FATAL', 'never') })
    const refused = watch(b.request('a', query))
    await time.advance(99)
    expect(refused.state).toBe('pending')
    await time.advance(1)
    expect(refused).toMatchObject({ state: 'rejected', error: { code: 'FATAL', message: 'never' } })
  })
})

describe('messages that arrive', () => {
  it('are lost before the handler sees them', async () => {
    const { a, time } = faulty('drop:attemptAssigned')
    let handled = 0
    a.handle(async () => {
      handled++
      return ack
    })
    const lost = watch(b.request('a', assigned))
    await time.advance(REQUEST_TIMEOUT_MS)
    expect([lost.state, handled]).toEqual(['rejected', 0])
    expect(await b.request('a', query)).toEqual(ack)
  })
})

describe('announcements', () => {
  const hear = (peer: Network): Announcement[] => {
    const heard: Announcement[] = []
    peer.subscribe('workers', (_, announcement) => { heard.push(announcement) })
    return heard
  }

  it('are lost, come twice and come late, on their way out and in', async () => {
    for (const way of ['out', 'in']) {
      [inner, b] = twoPeers()
      const { a, time } = faulty('drop:gossip,nth=1; duplicate:heartbeat,nth=1; delay:heartbeat,ms=50,nth=2')
      const [from, to] = way === 'out' ? [a, b] : [b, a]
      const heard = hear(to)
      const counts: number[] = []
      for (let n = 0; n < 3; n++) {
        await from.publish('workers', beat)
        counts.push(heard.length)
      }
      await time.advance(50)
      expect([way, ...counts, heard.length]).toEqual([way, 0, 2, 2, 3])
    }
  })

  it('that cannot be read are lost, as a topic drops them', async () => {
    const { a } = faulty('corrupt:gossip')
    const heard = hear(b)
    for (let n = 0; n < 100; n++) await a.publish('workers', beat)
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.length).toBeLessThan(100)
    expect(heard.some(announcement => !isDeepStrictEqual(announcement, beat))).toBe(true)
  })
})

describe('a crash', () => {
  it('comes when an attempt has been accepted, before the answer leaves', async () => {
    const { a, time, crashes, struck } = faulty('crash:attempt,nth=2')
    a.handle(async (_, message) => {
      asked.push(message)
      return ack
    })
    expect(await b.request('a', assigned)).toEqual(ack)
    expect(await b.request('a', query)).toEqual(ack)
    const last = watch(b.request('a', assigned))
    await time.advance(0)
    expect([last.state, crashes(), asked.length]).toEqual(['pending', 1, 3])
    expect(struck).toEqual(['crash:attempt'])
  })

  it('does not come for an attempt that was refused', async () => {
    const { a, crashes } = faulty('crash:attempt')
    a.handle(async () => { throw new MapReduceError('TRANSIENT', 'all slots are taken') })
    await expect(b.request('a', assigned)).rejects.toThrow('all slots')
    expect(crashes()).toBe(0)
  })

  it('comes instead of a report', async () => {
    const { a, time, crashes } = faulty('crash:report')
    const report = watch(a.request('b', completed))
    await time.advance(0)
    expect([report.state, crashes(), asked]).toEqual(['pending', 1, []])
  })

  it('comes later, if it is told so', async () => {
    const { a, time, crashes } = faulty('crash:report,ms=300')
    expect(await a.request('b', completed)).toEqual(ack)
    await time.advance(299)
    expect(crashes()).toBe(0)
    await time.advance(1)
    expect(crashes()).toBe(1)
  })
})

it('a network that no fault concerns is as it was', () => {
  for (const spec of ['', 'full:disk', 'crash:execute', 'corrupt:block', 'skew:clock,ms=1']) expect(faulty(spec).a).toBe(inner)
})
