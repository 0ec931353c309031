import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** Why tests in a browser are left out where there is none. */
export const NO_CHROMIUM = `no Chromium is here: set CHROMIUM to one, or put ${NAMES.join(', ')} on the PATH`

/** The browser that `CHROMIUM` names, or the first one on the PATH. */
export function findChromium (env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env['CHROMIUM'] !== undefined && env['CHROMIUM'] !== '') return env['CHROMIUM']
  const places = (env['PATH'] ?? '').split(delimiter).flatMap(folder => NAMES.map(name => join(folder, name)))
  return places.find(isExecutable)
}

function isExecutable (path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us: the next place is tried.
    return false
  }
}

/** A page with what went wrong in it. */
export interface Watched {
  page: Page
  /** Errors of its console, uncaught ones, and what its content security policy refused. */
  errors: string[]
  /** Requests to any other origin than that of the page. */
  outside: string[]
}

export async function openBrowser (executablePath: string): Promise<Browser> {
  // A container's root has no user namespaces for Chromium's own sandbox; the pages are ours.
  return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}

export async function openPage (browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const watched: Watched = { page, errors: [], outside: [] }
  const { origin } = new URL(url)
  page.on('console', message => { if (message.type() === 'error') watched.errors.push(message.text()) })
  page.on('pageerror', error => { watched.errors.push(error.message) })
  page.on('request', request => { if (new URL(request.url()).origin !== origin) watched.outside.push(request.url()) })
  await page.goto(url)
  return watched
}
