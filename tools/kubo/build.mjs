// Makes sure of a Kubo for the tests that need a real daemon: `node tools/kubo/build.mjs`. Prints where it is.
// One that is on the PATH, or named by IPFS_BIN, is taken as it is. Otherwise Go builds the pinned version, once: the binary
// stays in the user's cache. Kubo has `exclude` lines, so `go install` refuses it: it is a dependency of an empty module instead.
import { spawn } from 'node:child_process'
import { accessSync, constants, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { builtIpfs, findIpfs } from '../../libs/kubo/src/testing/find-ipfs.ts'
import { KUBO_VERSION } from '../../libs/kubo/src/testing/version.ts'

/** Longest build: two to four minutes on two cores, with the modules to be fetched. */
const TIMEOUT_MS = 8 * 60_000
const COMMAND = 'github.com/ipfs/kubo/cmd/ipfs'
/** Where Go is put by its own installer, beside the PATH. */
const GO_FOLDERS = ['/usr/local/go/bin']

function findGo () {
  return [...(process.env.PATH ?? '').split(delimiter), ...GO_FOLDERS].filter(folder => folder !== '').map(folder => join(folder, 'go')).find(path => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      // Not there: the next folder is looked at.
      return false
    }
  })
}

/** Runs Go to its end. Rejects with the end of what it said; all of its processes end with `signal`. */
async function run (go, args, cwd, signal) {
  signal.throwIfAborted()
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-trimpath -buildvcs=false' }
  const child = spawn(go, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let said = ''
  const listen = chunk => { said = `${said}${chunk}`.slice(-2_000) }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const kill = () => { process.kill(-child.pid, 'SIGKILL') }
  signal.addEventListener('abort', kill, { once: true })
  try {
    await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', code => {
        if (code === 0) resolve()
        else reject(new Error(signal.aborted ? `it took longer than ${TIMEOUT_MS / 60_000} minutes` : `go ${args.slice(0, 2).join(' ')}: ${said.trim().split('\n').slice(-3).join(' | ')}`))
      })
    })
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

async function build (go, target) {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const folder = mkdtempSync(join(tmpdir(), 'kubo-build-'))
  try {
    await run(go, ['mod', 'init', 'kubo-for-tests'], folder, signal)
    await run(go, ['get', `${COMMAND}@${KUBO_VERSION}`], folder, signal)
    await run(go, ['build', '-ldflags=-s -w', '-o', join(folder, 'ipfs'), COMMAND], folder, signal)
    mkdirSync(dirname(target), { recursive: true })
    // Another run may be at it too: what is there is always whole.
    copyFileSync(join(folder, 'ipfs'), `${target}.${process.pid}`)
    renameSync(`${target}.${process.pid}`, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function main () {
  const there = findIpfs()
  if (there !== undefined) return there
  const go = findGo()
  if (go === undefined) throw new Error('there is neither ipfs nor go on the PATH')
  process.stderr.write(`building Kubo ${KUBO_VERSION}, once, for the tests with a daemon: this takes some minutes\n`)
  await build(go, builtIpfs())
  return builtIpfs()
}

try {
  process.stdout.write(`${await main()}\n`)
} catch (error) {
  process.stderr.write(`no Kubo could be had (${error.message}): tests with a Kubo daemon will be skipped\n`)
  process.exitCode = 1
}
