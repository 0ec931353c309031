import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { draw, machines, stale, update } from './drawings.ts'
import { fillReadme } from './readme.ts'
import { statechartOf, withinState } from './statechart.ts'
import { kettleMachine } from './testing/kettle.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

describe('drawings of the machines', () => {
  it('are what the machines make: if not, run "npm run machines"', async () => {
    expect(await stale(ROOT, await draw(ROOT))).toEqual([])
  })

  it('show every machine that the lib exports, with every state and event', async () => {
    expect(machines.map(({ id }) => id)).toEqual(expect.arrayContaining(['attempt', 'job', 'master', 'task', 'worker']))
    const files = await draw(ROOT)
    for (const machine of machines) {
      const { root, arrows } = statechartOf(machine)
      for (const kind of ['mmd', 'svg']) {
        const text = files.get(`libs/state-machines/diagrams/${machine.id}.${kind}`)!
        const named = [...root.states.flatMap(withinState).map(({ name }) => name), ...arrows.flatMap(({ causes }) => causes.map(({ on }) => on))]
        expect(named.filter(name => !text.includes(name))).toEqual([])
      }
    }
  })
})

describe('updating drawings', () => {
  const README = 'libs/state-machines/README.md'
  const PLACES = 'Above.\n<!-- delays of kettle -->old<!-- end -->\n<!-- statechart of kettle --><!-- end -->\nBelow.\n'
  const drawing = (name: string): string => `libs/state-machines/diagrams/${name}`
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ipmr-machines-'))
    await mkdir(join(root, 'libs/state-machines'), { recursive: true })
    await writeFile(join(root, README), PLACES)
  })
  afterEach(async () => { await rm(root, { recursive: true }) })

  it('writes all at first, then only what is stale', async () => {
    const all = [README, drawing('kettle.mmd'), drawing('kettle.svg')]
    expect(await stale(root, await draw(root, [kettleMachine]))).toEqual(all)
    expect(await update(root, await draw(root, [kettleMachine]))).toEqual({ written: all, removed: [] })
    expect(await stale(root, await draw(root, [kettleMachine]))).toEqual([])
    await writeFile(join(root, drawing('kettle.svg')), 'something else')
    expect(await stale(root, await draw(root, [kettleMachine]))).toEqual([drawing('kettle.svg')])
    expect(await update(root, await draw(root, [kettleMachine]))).toEqual({ written: [drawing('kettle.svg')], removed: [] })
    expect(await stale(root, await draw(root, [kettleMachine]))).toEqual([])
  })

  it('removes drawings of a machine that is gone', async () => {
    await update(root, await draw(root, [kettleMachine]))
    await writeFile(join(root, drawing('pan.svg')), '<svg/>')
    expect(await stale(root, await draw(root, [kettleMachine]))).toEqual([drawing('pan.svg')])
    expect(await update(root, await draw(root, [kettleMachine]))).toEqual({ written: [], removed: [drawing('pan.svg')] })
    expect(await readdir(join(root, 'libs/state-machines/diagrams'))).toEqual(['kettle.mmd', 'kettle.svg'])
  })

  it('fills the README\'s places and leaves the rest of it', async () => {
    await update(root, await draw(root, [kettleMachine]))
    const text = await readFile(join(root, README), 'utf8')
    expect(text).toMatch(/^Above\.\n<!-- delays of kettle -->`500 ms`, `boiling`<!-- end -->\n/)
    expect(text).toMatch(/!\[The states of kettle\]\(diagrams\/kettle\.svg\)[^]*\n```mermaid\nstateDiagram-v2\n[^]*\n```\n\n<\/details>\n<!-- end -->\nBelow\.\n$/)
  })

  it('refuses a README without a place for a machine, or with one for none', () => {
    expect(() => fillReadme('<!-- delays of kettle --><!-- end -->', [kettleMachine])).toThrow('the README lacks <!-- statechart of kettle --><!-- end -->')
    expect(() => fillReadme(`${PLACES}<!-- delays of pan --><!-- end -->`, [kettleMachine])).toThrow('a place for the delays of pan, which is not there')
    expect(() => fillReadme(`${PLACES}<!-- smell of kettle --><!-- end -->`, [kettleMachine])).toThrow('a place for the smell of kettle, which is not there')
  })
})
