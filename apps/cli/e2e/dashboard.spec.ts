import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, xit } from '@jest/globals'
import { findChromium, NO_CHROMIUM, openBrowser, openPage, type Watched } from '@ipfs-mapreduce/dashboard/testing'
import { screenshot } from './screenshots.ts'
import { services } from './services.ts'
import { slowWordCount } from './slow-program.ts'
import { sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Services } from './services.ts'
import type { Running, Workbench } from './workbench.ts'

type Locator = ReturnType<Watched['page']['locator']>
type Browser = Awaited<ReturnType<typeof openBrowser>>

/** Nothing on the page takes longer, on a busy machine either. */
const SOON = { timeout: 12_000 }

/** A peer that is none of these. */
const SOMEBODY = '12D3KooWA6iWGq6g3wQLz7qrdjWtLLf4KZ85YqxZ17hZBgzszo31'

const chromium = findChromium()
const inBrowser = (name: string, test: () => Promise<void>): void => {
  if (chromium === undefined) xit(`${name} (skipped: ${NO_CHROMIUM})`, test)
  else it(name, test)
}

let browser: Browser
let bench: Workbench
let cluster: Services
let master: Running
let url: string
let pages: Watched[]

beforeAll(async () => { if (chromium !== undefined) browser = await openBrowser(chromium) })
afterAll(async () => { if (chromium !== undefined) await browser.close() })

beforeEach(async () => {
  pages = []
  if (chromium === undefined) return
  bench = workbench()
  bench.write('words.js', slowWordCount(10))
  bench.write('sample.txt', sampleText(1100))
  cluster = services(bench, 'moby')
  master = await cluster.startMaster('master', 0, '--http', '0')
  url = (await master.says(/^dashboard {2}(\S+)$/m))[1]!
})

afterEach(async () => {
  if (chromium === undefined) return
  await Promise.all(pages.map(async ({ page }) => {  await page.context().close() }))
  await bench.remove()
})

async function open (at = url, options: Parameters<typeof openPage>[2] = {}): Promise<Watched> {
  const watched = await openPage(browser, at, options)
  pages.push(watched)
  await watched.page.getByText('live', { exact: true }).waitFor(SOON)
  return watched
}

const run = (...args: string[]): Running => bench.start(...cluster.connected('run', ...args, 'sample.txt', '--chunk-size', '1k', '--split-size', '1k', '--reducers', '4'))

/** What stands on the page but not in view sideways: a page has none. */
async function overflow ({ page }: Watched): Promise<number> {
  return await page.locator('html').evaluate(({ scrollWidth, clientWidth }) => Math.max(0, scrollWidth - clientWidth))
}

/** Whether the task at a grid's cursor runs; fails where the cursor is at the end. */
async function runs (grid: Locator): Promise<boolean> {
  const [text, at, last] = [await grid.getAttribute('aria-valuetext'), await grid.getAttribute('aria-valuenow'), await grid.getAttribute('aria-valuemax')]
  if (text?.endsWith('running') === true) return true
  if (at === last) throw new Error('no task runs')
  return false
}

describe('the dashboard', () => {
  inBrowser('shows a job from its submission to its end, a worker killed on the way', async () => {
    const [, killed] = await Promise.all([...['m1', 'm2', 'm3'].map(async name => await cluster.startWorker('mapper', name, '--slots', '2')), cluster.startWorker('reducer', 'r1'), cluster.startWorker('reducer', 'r2')])
    const watched = await open()
    const { page } = watched
    await page.getByText('No job yet').waitFor(SOON)
    // The token is not left in the address.
    expect(new URL(page.url()).hash).toBe('#/')

    const running = run('words.js')
    const [, job = ''] = await running.says(/job (\S+) accepted/)
    await page.locator('a.job').click(SOON)
    expect(new URL(page.url()).hash).toBe(`#/jobs/${job}`)
    const maps = page.getByRole('slider', { name: /^map tasks/ })
    await page.locator('.grid-block.map .legend li', { hasText: 'committed' }).waitFor(SOON)
    await page.locator('.grid-block.map .legend li', { hasText: 'running' }).waitFor(SOON)

    killed!.child.kill('SIGKILL')
    await page.locator('.failures li', { hasText: /lost|refused/ }).first().waitFor(SOON)

    // By keyboard alone: to a task, its machine, and back.
    await maps.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Home')
    expect(await maps.getAttribute('aria-valuetext')).toMatch(/^map task 0, \w+/)
    while (!await runs(maps)) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog', { name: /^map task \d+/ })
    await panel.locator('.node.lit').first().waitFor(SOON)
    expect(await panel.locator('svg').getAttribute('aria-label')).toMatch(/^the states of task; now in \w+/)
    await panel.getByRole('tab', { name: 'job' }).click()
    await panel.locator('.node.lit[data-state="alive.running.maps.mapping"]').waitFor(SOON)
    await panel.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await page.locator('.grid-block.reduce canvas').click({ position: { x: 5, y: 5 } })
    await page.getByRole('dialog', { name: 'reduce task 0' }).locator('.node.lit[data-state="attempting.primary.running.leased"]').waitFor(SOON)
    await screenshot(page, 'dashboard-task')
    await page.getByRole('button', { name: 'close' }).click()

    await page.locator('.grid-block.map .legend li', { hasText: /committed [4-9]\d/ }).waitFor(SOON)
    await page.setViewportSize({ width: 1440, height: 1240 })
    await screenshot(page, 'dashboard-job')
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, 'dashboard-job-dark')
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${new URL(url).origin}/#/`)
    await page.locator('a.job').waitFor(SOON)

    const [cid] = succeeded(await running.ended).match(/baf\w+/)!
    await page.locator('a.job', { hasText: 'succeeded' }).click(SOON)
    await page.locator(`a[href="ipfs://${cid}"]`).waitFor(SOON)
    await page.locator('.tile', { hasText: 'Took' }).waitFor(SOON)
    expect(await page.locator('.counters tr', { hasText: 'map.input.records' }).locator('td').textContent()).toBe('1,100')

    const phone = await open(`${new URL(url).origin}/#/jobs/${job}`, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'dark' })
    await phone.page.locator('.grid-block.map .legend li', { hasText: 'committed' }).waitFor(SOON)
    expect(await overflow(phone)).toBe(0)
    await screenshot(phone.page, 'dashboard-phone')
    await phone.page.locator('.grid-block.map canvas').tap()
    await phone.page.getByRole('dialog').locator('.node.lit').first().waitFor(SOON)
    expect(await overflow(phone)).toBe(0)
    for (const { errors, outside } of pages) expect({ errors, outside }).toEqual({ errors: [], outside: [] })
  })

  inBrowser('shows who was turned away at the door, and what is held against whom', async () => {
    const guarded = await cluster.startMaster('guarded', 0, '--http', '0', '--accept-client', SOMEBODY)
    const { page } = await open((await guarded.says(/^dashboard {2}(\S+)$/m))[1])
    const door = page.locator('.card', { hasText: 'At the door' })
    await door.getByText('Nobody has misbehaved').waitFor(SOON)
    const stranger = connect(Number(cluster.master().split('/').at(-1)), '127.0.0.1')
    await once(stranger, 'connect')
    stranger.destroy()
    await door.locator('tr', { hasText: /^stranger left before .*1$/ }).waitFor(SOON)
    expect((await run('words.js').ended).stderr).toContain('takes no jobs from peer')
    await door.locator('tr', { hasText: /^unauthorized not for its sender to send1$/ }).waitFor(SOON)
    await door.locator('li', { hasText: /last unauthorized\d of 1,000 points$/ }).waitFor(SOON)
  })

  inBrowser('tells beyond its own machine what jobs are about to who has the token alone', async () => {
    const shown = await cluster.startMaster('shown', 0, '--http', '0', '--http-host', '0.0.0.0')
    const [, printed = ''] = await shown.says(/^dashboard {2}(\S+)$/m)
    expect((await shown.says(/metrics and health are served beyond this machine/)).length).toBe(1)
    const { port, hash } = new URL(printed)
    const origin = `http://127.0.0.1:${port}`
    for (const path of ['/api/events', '/api/look']) expect((await fetch(origin + path)).status).toBe(401)
    for (const path of ['/', '/metrics', '/healthz', '/readyz']) expect((await fetch(origin + path)).status).toBe(200)

    const watched = await openPage(browser, origin)
    pages.push(watched)
    const { page } = watched
    const field = page.getByLabel('Token')
    await field.waitFor(SOON)
    expect(await page.getByRole('alert').count()).toBe(0)
    await field.fill('not-the-token')
    await page.keyboard.press('Enter')
    await page.getByText('This is not the token').waitFor(SOON)
    await field.fill(hash.replace('#token=', ''))
    await page.keyboard.press('Enter')
    await page.getByText('live', { exact: true }).waitFor(SOON)
    await page.getByText('No job yet').waitFor(SOON)
    // The link that was printed needs no more; the browser writes lines of its own for answers of 401, and none else.
    await open(`${origin}/${hash}`)
    expect(watched.errors.filter(text => !text.includes('401'))).toEqual([])
    expect(watched.outside).toEqual([])
  })

  inBrowser('shows errors of a program as text, and cancels a job for who has the token alone', async () => {
    bench.write('nasty.js', `export default { input: 'lines', map () { throw new Error('<img src=x onerror="document.title=1"> <b>bold</b>' + ' and so on'.repeat(60)) }, reduce () {} }`)
    await Promise.all([cluster.startWorker('mapper', 'm1'), cluster.startWorker('reducer', 'r1')])
    const watched = await open(new URL(url).origin)
    const { page } = watched
    expect((await run('nasty.js').ended).exit).not.toBe(0)
    await page.locator('a.job', { hasText: 'failed' }).waitFor(SOON)
    // However long a reason is, the page is as wide as its window.
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 })
      expect([width, await overflow(watched), await page.locator('.jobs').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)]).toEqual([width, 0, 0])
    }
    await page.locator('a.job', { hasText: 'failed' }).click(SOON)
    expect(await overflow(watched)).toBe(0)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.locator('.failures p', { hasText: '<img src=x onerror="document.title=1"> <b>bold</b>' }).first().waitFor(SOON)
    await page.getByText('stack of the program').first().click()
    await page.locator('.failures pre', { hasText: 'Error: <img' }).first().waitFor(SOON)
    expect(await page.locator('img, .failures b').count()).toBe(0)

    const running = run('words.js')
    const [, job = ''] = await running.says(/job (\S+) accepted/)
    await page.goto(`${new URL(url).origin}/#/jobs/${job}`)
    await page.getByRole('button', { name: 'Cancel job' }).click(SOON)
    await page.getByLabel('Token').fill('not-the-token')
    await page.getByRole('button', { name: 'Cancel the job' }).click()
    await page.getByText('This is not the token').waitFor(SOON)
    expect(running.child.exitCode).toBeNull()
    // The browser writes a line of its own for an answer of 401.
    expect(watched.errors.splice(0)).toEqual([expect.stringContaining('401')])
    await page.getByLabel('Token').fill(new URL(url).hash.replace('#token=', ''))
    await page.getByRole('button', { name: 'Cancel the job' }).click()
    await page.locator('.hero .pill', { hasText: 'cancelled' }).waitFor(SOON)
    expect((await running.ended).stderr).toContain('cancelled on the dashboard')

    // The master goes: the page says so, and shows what it knew. When it is back, so is the page, by itself.
    master.child.kill('SIGKILL')
    await page.getByText('reconnecting…').waitFor(SOON)
    await page.locator('.hero .pill', { hasText: 'cancelled' }).waitFor(SOON)
    await cluster.startMaster('master', Number(cluster.master().split('/').at(-1)), '--http', new URL(url).port)
    await page.getByText('live', { exact: true }).waitFor(SOON)
    await page.getByText('Its course is not known any more').waitFor(SOON)
    expect(watched.outside).toEqual([])
  })
})
