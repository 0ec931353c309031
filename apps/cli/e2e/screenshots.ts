import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Watched } from '@ipfs-mapreduce/dashboard/testing'

const IMAGES = process.env['SCREENSHOTS_DIR'] ?? fileURLToPath(new URL('../../../docs/images', import.meta.url))

type Page = Watched['page']

/** Takes a picture for the README, where `UPDATE_SCREENSHOTS=1` asks for that. Sizes are those of the viewport. */
export async function screenshot (page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return
  mkdirSync(IMAGES, { recursive: true })
  await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled' })
}
