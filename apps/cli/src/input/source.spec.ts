import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { isWhole, parseContentPath, parseInput, refuseCollisions } from './source.ts'

const V1 = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
const V0 = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'
const dir = mkdtempSync(join(tmpdir(), 'ipmr-spec-'))
afterAll(() => { rmSync(dir, { recursive: true }) })

describe('content paths', () => {
  it.each([
    [V1, V1, []],
    [`${V0}/a/b.txt`, V0, ['a', 'b.txt']],
    [`ipfs://${V1}`, V1, []],
    [`ipfs://${V1}/a%20b`, V1, ['a b']],
    [`/ipfs/${V1}/a/`, V1, ['a']]
  ])('reads %s', (typed, cid, path) => { expect(parseContentPath(typed)).toEqual({ cid, path }) })

  it('leaves file names alone', () => {
    for (const name of ['book.txt', './book', 'bafy', 'Qm/x', '/tmp/ipfs/x']) expect(parseContentPath(name)).toBeUndefined()
  })

  it('refuses a URI without a CID', () => {
    expect(() => parseContentPath('ipfs://book.txt')).toThrow('has no CID where one belongs')
    for (const name of ['/ipns/ipfs.tech', 'ipns://k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8/a']) expect(() => parseContentPath(name)).toThrow(`${name} is a name, not content: give the CID that`)
  })
})

describe('inputs', () => {
  it('are files of this machine, or content by CID even where a file has its name', () => {
    const file = join(dir, 'moby.txt')
    writeFileSync(file, 'Call me Ishmael.')
    expect(parseInput(file)).toEqual({ kind: 'local', typed: file, path: file, name: 'moby.txt' })
    expect(parseInput(`ipfs://${V1}/moby.txt`)).toEqual({ kind: 'content', typed: `ipfs://${V1}/moby.txt`, cid: V1, path: ['moby.txt'], name: 'moby.txt' })
    expect(parseInput(V1)).toMatchObject({ kind: 'content', name: V1, path: [] })
  })

  it('says what a missing one was taken for', () => {
    expect(() => parseInput(join(dir, 'absent.txt'))).toThrow(/there is no input .*absent\.txt: it is no file or directory here, and no CID/)
  })

  it('are the job\'s input as they are where they carry no name of their own', () => {
    expect(isWhole(parseInput(V1), 'file')).toBe(true)
    expect(isWhole(parseInput(`${V1}/a.txt`), 'file')).toBe(false)
    expect(isWhole(parseInput(`${V1}/texts`), 'directory')).toBe(true)
    expect(isWhole(parseInput(dir), 'directory')).toBe(true)
    expect(isWhole(parseInput(join(dir, 'moby.txt')), 'file')).toBe(false)
  })

  it('must not hide each other', () => {
    const a = parseInput(`${V1}/a.txt`)
    expect(() => { refuseCollisions([a, parseInput(`${V0}/x/a.txt`)]) }).toThrow('are both named a.txt')
    expect(() => { refuseCollisions([a, parseInput(`${V0}/x/b.txt`)]) }).not.toThrow()
  })
})
