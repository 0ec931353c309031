import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'

it('every public symbol says what it is, and no link leads nowhere', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('./main.mjs', import.meta.url)), '--check'], { encoding: 'utf8' })
  expect(`${stdout}${stderr}`).toBe('')
  expect(status).toBe(0)
}, 180_000)
