import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { ContextRealms } from './context-realms.ts'
import type { Failure } from './failure.ts'
import { scriptFile } from './isolate-scripts.ts'
import type { FromChild } from './messages.ts'
import { ProgramRunner } from './program-runner.ts'
import { rehearse } from './rehearsal.ts'
import { RemoteReads } from './remote-reads.ts'
import { LINE, mapWork, options, testSandbox, wordCount } from './sandbox.spec.support.ts'

const executor = bundledExecutor()
let directory: string

beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'rehearsal-')) })
afterEach(() => { rmSync(directory, { recursive: true }) })

function realms (): ContextRealms {
  const source = (name: 'engine' | 'realm'): string => readFileSync(join(dirname(executor.entry.path), scriptFile(name)), 'utf8')
  return new ContextRealms({ engine: source('engine'), realm: source('realm') })
}

describe('a rehearsal', () => {
  it('runs an attempt of each kind, and leaves nothing', async () => {
    const ran: string[] = []
    const inner = realms()
    const watched = {
      exhausted: false,
      open: async (...given: Parameters<ContextRealms['open']>) => {
        const realm = await inner.open(...given)
        return { ...realm, run: async (work: string) => {
          ran.push((JSON.parse(work) as { kind: string }).kind)
          return await realm.run(work)
        } }
      }
    }
    await rehearse(watched, directory)
    expect(ran).toEqual(['map', 'reduce'])
    expect(readdirSync(directory)).toEqual([])
  })

  it('fails where it has no place', async () => {
    writeFileSync(join(directory, 'rehearsal'), '')
    await expect(rehearse(realms(), directory)).rejects.toMatchObject({ code: 'EEXIST' })
  })

  it('fails where an attempt does', async () => {
    const failing = {
      exhausted: false,
      open: async () => ({ describe: async () => '', run: async () => '{"type":"failed","failure":{"code":"PROGRAM","message":"no luck"}}', deliver: async () => {}, release: () => {} })
    }
    await expect(rehearse(failing, directory)).rejects.toThrow(/rehearsal of a map .*no luck/)
  })

  it('fails where content cannot be delivered, and does not wait for it', async () => {
    const inner = realms()
    const deaf = {
      exhausted: false,
      open: async (...given: Parameters<ContextRealms['open']>) => ({ ...await inner.open(...given), deliver: async () => { throw new Error('no memory') } })
    }
    await expect(rehearse(deaf, directory)).rejects.toThrow('no memory')
  })

  it('is over before the first attempt, which has an executor that looks as if none had been', async () => {
    const test = testSandbox({ entry: executor.entry, slots: 1 })
    try {
      const { release } = await test.sandbox.execute(mapWork(LINE.length), options(wordCount))
      const [root] = readdirSync(test.scratchDir)
      expect(readdirSync(join(test.scratchDir, root!, 'executor-1'))).toEqual(['program.mjs'])
      await release()
    } finally {
      await test.remove()
    }
  })

  it('that fails keeps no attempt from its own end', async () => {
    const sent: FromChild[] = []
    const failed: Failure[] = []
    const inner = realms()
    let opened = 0
    const reluctant = { exhausted: false, open: async (...given: Parameters<ContextRealms['open']>) => {
      if (opened++ === 0) throw new Error('not yet')
      return await inner.open(...given)
    } }
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
    try {
      const settings = { scripts: { engine: '', realm: '' }, maxHeapMiB: 64, maxCallMs: 5_000, maxScratchBytes: 4096 }
      const runner = new ProgramRunner({ settings, directory, realms: reluctant, reads: new RemoteReads(() => {}), send: message => { sent.push(message) }, fail: failure => { failed.push(failure) } })
      await runner.rehearse()
      expect(stderr).toHaveBeenCalledWith('the rehearsal of an executor failed: Error: not yet\n')
      writeFileSync(join(directory, 'program.mjs'), wordCount)
      await runner.run(mapWork(0), join(directory, 'attempt-1'))
    } finally {
      stderr.mockRestore()
    }
    expect(failed).toEqual([])
    expect(sent.map(({ type }) => type)).toContain('done')
  })
})
