import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const rows = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8').split('\n').filter(line => /^\| \d+ \|/.test(line))
  .map(line => line.split('|').map(cell => cell.trim()))

describe('SECURITY.md', () => {
  it('has a row for each promise', () => {
    expect(rows.map(([, number]) => number)).toEqual(rows.map((_, index) => String(index + 1)))
    expect(rows.length).toBeGreaterThan(10)
  })

  it.each(rows.map(([, number, promise, where = '', test = '']) => [number, promise, where, test]))('keeps promise %s where it says, with the tests that it names: %s', (_number, _promise, where = '', test = '') => {
    for (const [, path = ''] of where.matchAll(/`(libs\/[^`]+|apps\/[^`]+)`/g)) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true])
    const named = [...test.matchAll(/`([\w/.-]+\.spec\.ts)`(?: "([^"]+)")?/g)]
    expect(named.length).toBeGreaterThan(0)
    for (const [, path = '', title = ''] of named) expect(readFileSync(join(ROOT, path), 'utf8')).toContain(title)
  })
})
