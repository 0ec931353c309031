import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { makeSwarmKey, parseSwarmKey, readSwarmKey } from './swarm-key.ts'

const HEX = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
/** As `ipfs-swarm-key-gen` writes it: no newline at the end. */
const KUBO = `/key/swarm/psk/1.0.0/\n/base16/\n${HEX}`
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('a swarm key', () => {
  it('is new each time, and of the form that is read', () => {
    const [a, b] = [makeSwarmKey(), makeSwarmKey()]
    expect(a).toMatch(/^\/key\/swarm\/psk\/1\.0\.0\/\n\/base16\/\n[0-9a-f]{64}\n$/)
    expect(a).not.toBe(b)
    expect(text(parseSwarmKey(a))).toBe(a)
  })

  it('is read as Kubo writes it, with any newlines, in base 16 or 64', () => {
    const base64 = Buffer.from(HEX, 'hex').toString('base64')
    for (const written of [KUBO, `${KUBO}\n`, KUBO.replaceAll('\n', '\r\n'), KUBO.replace(HEX, HEX.toUpperCase()), `/key/swarm/psk/1.0.0/\n/base64/\n${base64}\n`]) {
      expect(text(parseSwarmKey(written))).toBe(`${KUBO}\n`)
    }
  })

  it.each([
    ['nothing', '', /first line/],
    ['another version', KUBO.replace('1.0.0', '2.0.0'), /first line/],
    ['no key', '/key/swarm/psk/1.0.0/\n/base16/\n', /three lines/],
    ['a line too many', `${KUBO}\nmore`, /three lines/],
    ['a short key', KUBO.slice(0, -2), /32 bytes/],
    ['a long key', `${KUBO}00`, /32 bytes/],
    ['letters that are no digits', KUBO.replace('00', 'zz'), /32 bytes/],
    ['bytes', KUBO.replace('/base16/', '/bin/'), /32 bytes/]
  ])('is not %s', (_name, written, why) => {
    expect(() => parseSwarmKey(written)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(why) }))
  })

  describe('in a file', () => {
    let dir: string
    beforeAll(() => { dir = mkdtempSync(join(tmpdir(), 'ipmr-key-')) })
    afterAll(() => { rmSync(dir, { recursive: true }) })

    it('is read from there, and one that cannot be is named', async () => {
      const file = join(dir, 'swarm.key')
      await expect(readSwarmKey(file)).rejects.toEqual(expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining(`ipmr key ${file}`) }))
      writeFileSync(file, KUBO)
      expect(text(await readSwarmKey(file))).toBe(`${KUBO}\n`)
    })
  })
})
