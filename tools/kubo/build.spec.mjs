import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { builtIpfs } from '../../libs/kubo/src/testing/find-ipfs.ts'

const BUILD = fileURLToPath(new URL('build.mjs', import.meta.url))

/** Runs the script with these variables alone, and Node's folder after those of `path`. */
const run = (env, path = []) => new Promise(resolve => {
  execFile(process.execPath, [BUILD], { env: { HOME: env.XDG_CACHE_HOME, PATH: [...path, dirname(process.execPath)].join(delimiter), ...env } }, (error, stdout, stderr) => {
    resolve({ exit: error === null ? 0 : error.code, stdout, stderr })
  })
})

describe('the Kubo of tests', () => {
  let dir
  beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'kubo-')) })
  afterEach(() => { rmSync(dir, { recursive: true }) })
  const executable = (path, text) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { mode: 0o755 })
    return path
  }

  it('is the one that is named, else one on the PATH, else one that was built before', async () => {
    const env = { XDG_CACHE_HOME: dir }
    const built = executable(builtIpfs(env), '')
    expect(await run(env)).toEqual({ exit: 0, stdout: `${built}\n`, stderr: '' })
    const found = executable(join(dir, 'bin', 'ipfs'), '')
    expect(await run(env, [join(dir, 'bin')])).toEqual({ exit: 0, stdout: `${found}\n`, stderr: '' })
    expect(await run({ ...env, IPFS_BIN: '/opt/ipfs' }, [join(dir, 'bin')])).toEqual({ exit: 0, stdout: '/opt/ipfs\n', stderr: '' })
  })

  it('is missing where Go cannot build it, which is said with what Go says', async () => {
    executable(join(dir, 'bin', 'go'), '#!/bin/sh\necho "go: no such module" >&2\nexit 1\n')
    const { exit, stdout, stderr } = await run({ XDG_CACHE_HOME: dir }, [join(dir, 'bin')])
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' })
    expect(stderr).toMatch(/^no Kubo could be had \(go mod init: go: no such module\): tests with a Kubo daemon will be skipped$/m)
  })
})
