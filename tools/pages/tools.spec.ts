import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseOptions as benchOptions } from '../benchmark/options.ts'
import { WORKLOADS } from '../benchmark/workloads/index.ts'
import { parseOptions as chaosOptions } from '../chaos/options.ts'
import { readScaleOptions } from '../simulate/scale.ts'
import { inlineCodeOf } from './markdown.ts'
import { ON_MACHINES, OTHERS, page, PAGES, ROOT, typedOn } from './pages.ts'
import { standInFor } from './stand-ins.ts'

const DEADLINE_MS = 120_000
const run = promisify(execFile)

/** Commands of npm and Node, as they are typed in a checkout. */
const OF_TOOLS = /^(?:[A-Z_]+=\S+ )?(?:npm |npx nx (?!serve\b)|node --|node tools\/)/
/** What is talked of, and not to be typed as it stands. */
const IN_PART = /…|^node --cpu-prof$/

/** What is in blocks of the README and of pages that show what is seen is typed by pages.spec.ts. */
const commands = [...new Set([...OTHERS.flatMap(typedOn).flatMap(({ command }) => command.split(' && ')), ...PAGES.flatMap(name => inlineCodeOf(page(name)))])]
  .filter(command => OF_TOOLS.test(command) && !IN_PART.test(command))
const small = [...new Set(commands.map(standInFor).flatMap(found => 'run' in found ? [found.run] : []))]

/** The words after `npm run TOOL --`. */
const argumentsOf = (tool: string): string[][] => commands.filter(command => new RegExp(`^npm run ${tool}( |$)`).test(command))
  .map(command => command.split(' -- ')[1]?.split(' ') ?? [])

describe('the commands of tools that pages name', () => {
  let home: string
  let scenario: string
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'ipmr-tools-'))
    scenario = join(home, 'scenario.json')
  })
  afterAll(() => { rmSync(home, { recursive: true, force: true }) })

  /** As npm runs a script, from the root: npm itself takes half a second. */
  async function type (command: string): Promise<string> {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    const [, script = '', rest = ''] = /^npm run (\S+)(?: -- (.*))?$/.exec(command) ?? []
    const line = script === '' ? command : `${scripts[script]} ${rest}`
    const { stdout } = await run('sh', ['-c', line], { cwd: ROOT, maxBuffer: 2 ** 26, env: { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`, HOME: home, TMPDIR: home, NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled') } })
    return stdout
  }

  it('are many, and each is run here, smaller or as it stands, or by somebody who is named', () => {
    expect(commands.length).toBeGreaterThan(40)
    expect(small.length).toBeGreaterThan(8)
    expect(() => standInFor('npm run something-new')).toThrow('no rule says')
  })

  it.each(OTHERS)('%s tells to type nothing else', name => {
    expect(typedOn(name).map(({ command }) => command).filter(command => !OF_TOOLS.test(command) && !ON_MACHINES.test(command))).toEqual([])
  })

  it.each(small)('%s', async command => {
    if (command.includes('FILE')) writeFileSync(scenario, JSON.stringify((JSON.parse(await type('npm run simulate -- --seed 17 --json')) as { scenario: object }).scenario))
    await expect(type(command.replace('FILE', scenario))).resolves.toEqual(expect.any(String))
  }, DEADLINE_MS)

  it('measure, play and scale what their tools know, as these are run smaller elsewhere', () => {
    for (const [tool, options] of [['bench', (args: string[]) => benchOptions(args, WORKLOADS)], ['chaos', chaosOptions], ['scale', readScaleOptions]] as const) {
      const all = argumentsOf(tool)
      expect(all.length).toBeGreaterThan(0)
      for (const args of all) if (!args.includes('--help')) expect(options(args)).toBeDefined()
    }
  })

  it.each(commands.filter(command => command.includes('--testPathPatterns=')))('%s: there is such a test, which reads its variable', async command => {
    const [, variable, project = '', pattern = ''] = /^(?:([A-Z_]+)=\S+ )?npx nx \w+ ([\w-]+) --testPathPatterns=(\S+)$/.exec(command) ?? []
    const { stdout } = await run('git', ['ls-files', `*/${project}/*${pattern}*`], { cwd: ROOT })
    const files = stdout.split('\n').filter(file => /\.ts$/.test(file))
    expect(files.some(file => file.endsWith('.spec.ts'))).toBe(true)
    if (variable === undefined) return
    const sources = await run('git', ['grep', '-l', variable, '--', `*/${project}/*.ts`], { cwd: ROOT })
    expect(sources.stdout).not.toBe('')
  })
})
