// The test command: lint, types, the tests of every project, then whole jobs on real processes. Ends with the totals.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suites, totals, totalsLine } from './totals.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const steps = [
  // One run of each over everything: a process for each project would spend its time starting.
  ['run-many', '--projects=workspace', '--targets=lint,typecheck'],
  // Three at a time on two cores: each waits for timers and processes for a part of its time.
  ['run-many', '--targets=test', '--parallel=3'],
  // One at a time: these start clusters of their own.
  ['run-many', '--targets=e2e', '--parallel=1']
]
/** Where whatever runs here finds the code that V8 has compiled before: Jest, Nx, the compiler, services, tools run from sources. */
const COMPILED = join(ROOT, 'node_modules/.cache/compiled')
/** What the boundaries rule says, as a warning, when it has no project graph to judge by. */
const BLIND = 'The rule will be skipped'

async function nx (args) {
  const all = [...args, '--output-style=static', ...(process.env.CI === undefined ? [] : ['--skip-nx-cache'])]
  console.log(`\n> nx ${all.join(' ')}`)
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/nx/dist/bin/nx.js'), ...all], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NX_DAEMON: 'false', NODE_COMPILE_CACHE: COMPILED }
  })
  let blind = false
  child.stdout.on('data', chunk => {
    blind ||= chunk.includes(BLIND)
    process.stdout.write(chunk)
  })
  const [code, signal] = await once(child, 'close')
  if (blind) return 'lint did not judge the module boundaries'
  return code === 0 ? undefined : `nx ${args.join(' ')} failed (${signal ?? `exit ${code}`})`
}

for (const { results } of suites(ROOT)) rmSync(join(ROOT, results), { force: true })
const faults = []
for (const step of steps) {
  const fault = await nx(step)
  if (fault !== undefined) faults.push(fault)
}
const sum = totals(ROOT)
faults.push(...sum.faults)

console.log()
for (const name of sum.skipped) console.log(`skipped: ${name}`)
for (const test of sum.flaky) console.log(`FLAKY, passed at its second attempt: ${test}`)
for (const failure of sum.failures) console.log(`FAILED: ${failure}`)
for (const fault of faults) console.log(`FAILED: ${fault}`)
console.log(totalsLine(sum))
process.exitCode = faults.length > 0 || sum.failed > 0 ? 1 : 0
