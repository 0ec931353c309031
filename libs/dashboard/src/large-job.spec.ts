import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, xit } from '@jest/globals'
import { createWindow, type WatchedJob } from '@ipfs-mapreduce/actors'
import { createHttpServer, type HttpServer } from '@ipfs-mapreduce/observe'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { jobStatus } from './fixture/job.ts'
import { serveDashboard } from './serve-dashboard.ts'
import { findChromium, NO_CHROMIUM, openBrowser, openPage } from './testing/chromium.ts'

const VITE = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url))
const CONFIG = fileURLToPath(new URL('../vite.config.mjs', import.meta.url))
const DRAWINGS = fileURLToPath(new URL('../../state-machines/diagrams', import.meta.url))

const TASKS = 100_000
const WORKERS = 200
const SLOTS = 4
/** Tasks that end each time that the job is moved on, so that it runs for some seconds. */
const STEP = 1500
const STEP_MS = 100
/** From one frame to the next, in the median; 17 ms where the machine has nothing else to do. */
const MAX_FRAME_MS = 100
const SOON = { timeout: 60_000 }

const chromium = findChromium()

/** A job of a hundred thousand map tasks that goes on by itself, seen through a real window. */
function largeJob () {
  const records = Array.from({ length: TASKS }, (_, task) => ({ task, state: 'pending', splits: [], holders: [] }) as unknown as WatchedJob['maps']['table']['records'][number])
  const machine = { attempting: { primary: { running: 'leased' }, backup: 'free' } }
  const startedMs = Date.now()
  const window = createWindow({ now: Date.now })
  let next = 0
  let committed = 0
  const counts = () => ({ total: TASKS, pending: TASKS - next, running: next - committed, committed, failed: 0, attempts: next, failedAttempts: 0, backups: 0 })
  const status = (): JobStatus => jobStatus('large', { maps: counts(), records: committed * 1000, counters: { 'shuffle.bytes': committed * 64 }, phases: [{ name: 'total', ms: Date.now() - startedMs }] })
  const job: WatchedJob = { id: 'large', startedMs, maps: { table: { records }, machineOf: () => machine }, reduces: { table: { records: [] }, machineOf: () => undefined }, machine: { alive: 'running' }, isReplaying: false, status }
  window.jobOpened(job)
  const worker = (task: number): string => `peer-${task % WORKERS}`
  const start = (): void => {
    if (next === TASKS) return
    records[next]!.state = 'inFlight'
    window.attemptStarted({ job: 'large', kind: 'map', task: next, attempt: 1 }, { worker: worker(next), backup: false, local: next % 3 > 0 })
    next++
  }
  for (let i = 0; i < WORKERS * SLOTS; i++) start()
  return {
    window, status,
    get isDone () { return committed === TASKS },
    step: () => {
      for (let i = 0; i < STEP && committed < TASKS; i++, committed++) {
        records[committed]!.state = 'committed'
        window.attemptEnded({ job: 'large', kind: 'map', task: committed, attempt: 1 }, { worker: worker(committed), outcome: 'completed' })
        start()
      }
    }
  }
}

describe('a job of 100,000 tasks', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ipmr-page-'))
  let http: HttpServer
  beforeAll(async () => {
    // In a process of its own, as the bundler does: it loads native code.
    await promisify(execFile)(process.execPath, [VITE, 'build', '--config', CONFIG, '--outDir', dir, '--emptyOutDir'])
    await cp(DRAWINGS, dir, { recursive: true })
    http = await createHttpServer({ host: '127.0.0.1', port: 0, token: 't', log: { warn: (_, message) => { throw new Error(message) } } })
  }, 60_000)
  afterAll(async () => {
    await http.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const name = 'stays smooth: the page draws each push in a moment, all its way'
  if (chromium === undefined) {
    xit(`${name} (skipped: ${NO_CHROMIUM})`, () => {})
    return
  }
  it(name, async () => {
    const job = largeJob()
    const dashboard = serveDashboard({
      http, window: job.window, assetsDir: dir, door: () => ({ counts: {}, offenders: [], limit: 1 }), about: { cluster: 'large', peer: 'p', version: '1' }, now: Date.now, newId: () => 'v',
      master: { status: () => ({ type: 'status', jobs: [job.status()], workers: [] }), job: job.status, cancel: async () => {} }
    })
    const browser = await openBrowser(chromium)
    const timer = setInterval(job.step, STEP_MS)
    try {
      const { page, errors } = await openPage(browser, `${http.url}/#/jobs/large`)
      await page.locator('.grid-block.map .legend li', { hasText: /committed [1-9]/ }).waitFor(SOON)
      await page.evaluate('window.gaps = []; window.last = performance.now(); (function frame (now) { gaps.push(now - last); last = now; requestAnimationFrame(frame) })(last)')
      await page.locator('.grid-block.map .legend li', { hasText: 'committed 100,000' }).waitFor(SOON)
      clearInterval(timer)
      const gaps = (await page.evaluate<number[]>('window.gaps')).sort((a, b) => a - b)
      const share = (of: number): number => Math.round(gaps[Math.floor(gaps.length * of)]!)
      if (process.env['PRINT_MEASURES'] === '1') process.stderr.write(`${gaps.length} frames; between them ${share(0.5)} ms in the median, ${share(0.95)} ms at 95 %, ${share(0.999)} ms at most\n`)
      expect(share(0.5)).toBeLessThan(MAX_FRAME_MS)
      expect(await page.locator('.card', { hasText: 'Timeline' }).locator('.note').textContent()).toBe('100,000 attempts')

      // And it still answers: a task far down is opened by keyboard.
      const grid = page.getByRole('slider', { name: /^map tasks/ })
      await grid.focus()
      await page.keyboard.press('End')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'map task 99999' }).getByText('completed', { exact: true }).waitFor(SOON)
      expect(errors).toEqual([])
      expect(job.isDone).toBe(true)
    } finally {
      clearInterval(timer)
      dashboard.close()
      await browser.close()
    }
  }, 120_000)
})
