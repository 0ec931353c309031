#!/usr/bin/env node
// Starts ipmr's bundle, building it where it is missing or stale, on a Node that can run it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** libp2p and Helia need it; the checkout brings a newer one in node_modules. */
const OLDEST_NODE = 22
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) {
  await start()
} else {
  startOnNewerNode()
}

async function start () {
  module.enableCompileCache?.()
  try {
    const { ensureBundles } = await import('../../../tools/build/bundle.mjs')
    await ensureBundles({ quiet: !process.stderr.isTTY })
  } catch (error) {
    const advice = error.code === 'ERR_MODULE_NOT_FOUND' ? ` (run npm ci in ${ROOT})` : ''
    process.stderr.write(`ipmr: cannot build itself: ${error.message.split('\n').slice(0, 3).join('; ')}${advice}\n`)
    process.exit(1)
  }
  await import('../dist/bundle/main.mjs')
}

/** The same command line in a child; signals and the exit status pass through. */
function startOnNewerNode () {
  const node = newerNode()
  if (node === undefined) {
    process.stderr.write(`ipmr: this is Node ${process.versions.node}, and ipmr needs ${OLDEST_NODE} or later: install it, or run npm ci in ${ROOT}, which brings one on Linux and Windows\n`)
    process.exit(1)
  }
  // Over the IPC channel the child notices when this process is killed.
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => {
    process.stderr.write(`ipmr: cannot start ${node}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

function newerNode () {
  const names = [`node-${process.platform}-${process.arch}/bin/node`, `node-win-${process.arch}/bin/node.exe`, '.bin/node']
  return names.map(name => join(ROOT, 'node_modules', ...name.split('/'))).find(existsSync)
}
