import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { LINE, mapWork, options, program, testSandbox, until, wordCount } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'
import { findWalls } from './walls.ts'
import type { Walls } from './walls.ts'

const executor = bundledExecutor()

let test: TestSandbox
afterEach(() => test.remove())

const attempt = (bundle = wordCount, job = 'one') => test.sandbox.execute(mapWork(LINE.length), options(bundle, { job }))

/** As on a system that isolated-vm has no native code for. */
const noIsolate: Walls = { addon: undefined, permissions: true, missing: ['an isolate of its own: isolated-vm cannot be loaded: there is none'] }

describe('a sandbox on a system that has', () => {
  it('all walls says that none is missing, and has an executor ready for the next job', async () => {
    test = testSandbox({ entry: executor.entry })
    expect(await test.sandbox.prepare()).toEqual([])
    expect(test.pids()).toHaveLength(1)
    await attempt(program('emit(typeof process, 1)'))
    const [first] = test.pids()
    await until(() => test.pids().length === 2, 'another executor to be made ready')
    await attempt(wordCount, 'two')
    expect(test.pids()[0]).toBe(first)
    await until(() => test.pids().length === 3, 'a third executor to be made ready')
  })

  it('no isolates says so, and refuses programs', async () => {
    test = testSandbox({ entry: executor.entry, walls: noIsolate })
    expect(await test.sandbox.prepare()).toEqual(noIsolate.missing)
    const refused = { code: 'TRANSIENT', message: expect.stringMatching(/isolated-vm cannot be loaded: there is none; --allow-unwalled-programs runs them all the same/) }
    await expect(attempt()).rejects.toMatchObject(refused)
    await expect(test.sandbox.describe(wordCount)).rejects.toMatchObject(refused)
  })

  it('no isolates runs programs where that is allowed, in the same world', async () => {
    test = testSandbox({ entry: executor.entry, walls: noIsolate, allowUnwalled: true })
    expect(await test.sandbox.prepare()).toEqual(noIsolate.missing)
    const { counters } = await attempt(program('emit(typeof process + typeof setTimeout, 1); context.count(typeof process)'))
    expect(counters['user.undefined']).toBe(1)
  })

  it('isolates that cannot be loaded finds that out as it prepares', async () => {
    test = testSandbox({ entry: executor.entry })
    const addon = join(test.scratchDir, 'broken.node')
    writeFileSync(addon, 'not native code')
    const other = testSandbox({ entry: executor.entry, walls: { addon, permissions: true, missing: [] } })
    const missing = await other.sandbox.prepare()
    expect(missing).toEqual([expect.stringMatching(/^an isolate of its own: isolated-vm cannot be loaded: the executor did not start .*Error: .*broken\.node/)])
    await expect(other.sandbox.describe(wordCount)).rejects.toMatchObject({ code: 'TRANSIENT' })
    await other.remove()
  })
})

it('this system has all walls', () => {
  test = testSandbox({ entry: executor.entry })
  expect(findWalls()).toEqual({ addon: expect.stringMatching(/\.node$/), permissions: true, missing: [] })
})
