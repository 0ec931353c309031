import { describe, expect, it } from '@jest/globals'
import { MAX_LOGGED_BYTES } from './constants.ts'
import { OutputLog } from './output-log.ts'

function recorded (): { lines: object[], log: OutputLog } {
  const lines: object[] = []
  const record = (fields: object) => { lines.push(fields) }
  return { lines, log: new OutputLog({ debug: record, info: record, warn: record }) }
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('OutputLog', () => {
  it('logs whole lines, with a character that was cut in two, and the last without its end', () => {
    const { lines, log } = recorded()
    log.begin({ task: 1 })
    for (const byte of bytes('né\n\nlast')) log.print(Uint8Array.of(byte))
    log.flush()
    expect(lines).toEqual([{ task: 1, output: 'né' }, { task: 1, output: 'last' }])
  })

  it('drops what is over the bound and says how much, for each attempt anew', () => {
    const { lines, log } = recorded()
    log.begin({ task: 1 })
    for (let n = 0; n < 3; n++) log.print(bytes('x'.repeat(MAX_LOGGED_BYTES - 1) + '\n'))
    log.begin({ task: 2 })
    expect(lines).toHaveLength(3)
    expect(lines[2]).toEqual({ task: 1, droppedBytes: 2 * MAX_LOGGED_BYTES })
    log.print(bytes('again\n'))
    expect(lines[3]).toEqual({ task: 2, output: 'again' })
  })

  it('keeps the last of all that was printed', () => {
    const { log } = recorded()
    for (let n = 0; n < 100; n++) log.print(bytes(`${'x'.repeat(1000)} ${n}\n`))
    expect(log.tail.endsWith(' 99\n')).toBe(true)
    expect(log.tail.length).toBeLessThan(20_000)
  })
})
