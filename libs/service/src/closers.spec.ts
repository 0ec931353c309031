import { describe, expect, it } from '@jest/globals'
import { createClosers } from './closers.ts'

describe('closers', () => {
  const warnings: string[] = []
  const ignore = (): void => {}
  const log = { debug: ignore, info: ignore, error: ignore, warn: (_fields: object, message: string) => { warnings.push(message) } }

  it('close in reverse order, once', async () => {
    const closed: string[] = []
    const closers = createClosers(log)
    for (const name of ['store', 'network', 'actor']) closers.add(name, () => { closed.push(name) })
    await Promise.all([closers.close(), closers.close()])
    expect(closed).toEqual(['actor', 'network', 'store'])
  })

  it('go on past a part that fails or hangs, and say so', async () => {
    const closed: string[] = []
    const closers = createClosers(log, 20)
    closers.add('store', () => { closed.push('store') })
    closers.add('network', () => Promise.reject(new Error('torn')))
    closers.add('executor', () => { throw new Error('gone') })
    closers.add('actor', () => new Promise<void>(() => {}))
    await closers.close()
    expect(closed).toEqual(['store'])
    expect(warnings).toEqual(['could not close the actor', 'could not close the executor', 'could not close the network'])
  })
})
