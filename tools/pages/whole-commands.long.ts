import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { WORKLOADS } from '../benchmark/workloads/index.ts'
import { ROOT } from './pages.ts'

const MINUTE_MS = 60_000
const run = promisify(execFile)
const hasTmux = (process.env['PATH'] ?? '').split(delimiter).some(directory => existsSync(join(directory, 'tmux')))

/** The commands of pages that `npm test` leaves to others, typed as they stand in a fresh clone, one after the other. */
describe('the long commands of the pages, in a fresh clone', () => {
  let clone: string
  beforeAll(async () => {
    clone = mkdtempSync(join(tmpdir(), 'ipmr-clone-'))
    await run('git', ['clone', '--quiet', ROOT, clone])
  }, MINUTE_MS)
  afterAll(() => { rmSync(clone, { recursive: true, force: true }) })

  async function type (command: string): Promise<string> {
    const { stdout } = await run('sh', ['-c', command], { cwd: clone, maxBuffer: 2 ** 26, env: { ...process.env, NX_DAEMON: 'false', CI: 'true', NODE_OPTIONS: '' } })
    return stdout
  }
  const changed = async (): Promise<string> => await type('git status --short')

  it('npm ci', async () => { await type('npm ci') }, 5 * MINUTE_MS)

  it.each(['npm run bundle', 'npm run typecheck', 'npm run lint', 'npm run docs', 'npm run pack'])('%s', async command => { await type(command) }, 5 * MINUTE_MS)

  it.each(['npm run generate', 'npm run format'])('%s finds all as it should be', async command => {
    await type(command)
    expect(await changed()).toBe('')
  }, 5 * MINUTE_MS)

  it('npm run pack:check', async () => { await type('npm run pack:check') }, 10 * MINUTE_MS)

  it('npm start', async () => { expect(await type('npm start')).toContain('Moby Dick') }, 5 * MINUTE_MS)

  it.each(WORKLOADS.map(({ name }) => name))('npm run bench -- %s, each contender once', async name => {
    expect(await type(`npm run bench -- ${name} --try`)).toContain('cluster')
  }, 5 * MINUTE_MS)

  it('npm run bench -- grep --profile --try says where the time of a job goes, by process and by task', async () => {
    const said = await type('npm run bench -- grep --profile --try')
    for (const part of ['master', 'mapper-1', 'map tasks']) expect(said).toMatch(new RegExp(`^${part}.*: [\\d.]+ s busy: `, 'm'))
  }, 5 * MINUTE_MS)

  it('npm run mutants, one of them', async () => { await type('npm run mutants -- --only "merged in the order"') }, 5 * MINUTE_MS)

  const record = hasTmux ? it : it.skip
  record(`npm run record${hasTmux ? '' : ' (skipped: tmux is not installed)'}`, async () => {
    await type('npm run record')
    expect(await changed()).toMatch(/^( M \S+\.svg\n?)*$/)
  }, 5 * MINUTE_MS)
})
