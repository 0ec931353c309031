import { describe, expect, it } from '@jest/globals'
import { readyLine } from './ready-line.ts'

describe('ready line', () => {
  const ready = { role: 'mapper', peer: '12D3KooA', cluster: 'local', slots: 4, addresses: ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooA'] }

  it('says who, how much, where', () => {
    expect(readyLine(ready)).toBe('mapper ready  peer 12D3KooA  slots 4  cluster local  listening /ip4/127.0.0.1/tcp/1/p2p/12D3KooA')
  })

  it('leaves out the slots of a master', () => {
    expect(readyLine({ ...ready, role: 'master', slots: 0 })).toBe('master ready  peer 12D3KooA  cluster local  listening /ip4/127.0.0.1/tcp/1/p2p/12D3KooA')
  })
})
