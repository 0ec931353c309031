import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { services } from './services.ts'
import type { Services } from './services.ts'
import { countWords, linesOf } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Running, Workbench } from './workbench.ts'

const LINES = 400
const WORDS = ['whale', 'sea', 'naïve', '鯨', 'the', 'of']
/** Lines of a few words each, by a rule: `n` modulo small primes. */
const text = Array.from({ length: LINES }, (_, n) => [WORDS[n % 6], WORDS[n % 5], WORDS[n % 3]].join(' ')).join('\n')

let bench: Workbench
let cluster: Services

beforeAll(async () => {
  bench = workbench()
  bench.write('text.txt', text)
  cluster = services(bench, `faults-${process.pid}`)
  await cluster.startMaster('master')
  await cluster.startWorker('reducer', 'reducer', '--slots', '2')
})
afterAll(async () => { await bench.remove() })

const mapper = (name: string, faults?: string): Running =>
  cluster.serveWorker('mapper', name, '--slots', '1', '--log-format', 'json', ...faults === undefined ? [] : ['--enable-fault-injection', '--fault-seed', '3', '--faults', faults])

/** Three map tasks or so. */
const wordCount = (output: string): Running =>
  bench.start(...cluster.connected('run', 'word-count', 'text.txt', '--chunk-size', '2k', '--split-size', '2k', '--reducers', '2', '-o', output))

async function expectExact (job: Running, output: string): Promise<void> {
  succeeded(await job.ended)
  expect(linesOf(...bench.parts(output))).toEqual(countWords(text))
}

describe('a mapper with faults', () => {
  it('is refused without the option that enables them', async () => {
    const { exit, stderr } = await cluster.serve('mapper', 'refused', '--faults', 'crash:execute').ended
    expect(exit).toBe(2)
    expect(stderr).toMatch(/^mapper: --faults 'crash:execute' [^\n]* --enable-fault-injection [^\n]*\n$/)
  })

  it('ends as by kill -9 in the midst of its second attempt; another run of it finishes the job', async () => {
    const crashing = mapper('mapper-1', 'crash:execute,nth=2')
    const [warning] = await crashing.says(/fault injection is on: [^"]*/)
    expect(warning).toBe('fault injection is on: this process will suffer crash:execute,nth=2; --fault-seed 3 repeats its draws')
    await crashing.says(/"joined master"/)
    const job = wordCount('crashed')
    const { signal, stderr } = await crashing.ended
    expect(signal).toBe('SIGKILL')
    expect(stderr.match(/injected crash:execute/g)).toHaveLength(1)
    expect(stderr.match(/"attempt accepted"/g)).toHaveLength(2)
    const restarted = mapper('mapper-1')
    await expectExact(job, 'crashed')
    restarted.child.kill('SIGTERM')
    expect((await restarted.ended).exit).toBe(0)
  })

  it('that loses heartbeats and reports late gives the exact result', async () => {
    const faulty = mapper('mapper-2', 'drop:heartbeat,p=0.3; delay:report,ms=500')
    await faulty.says(/"joined master"/)
    await expectExact(wordCount('late'), 'late')
    await faulty.says(/injected delay:report/)
    await faulty.says(/injected drop:heartbeat/)
    faulty.child.kill('SIGTERM')
    expect((await faulty.ended).exit).toBe(0)
  })

  it('that serves a damaged block is asked again, and the result is exact', async () => {
    const spoiling = mapper('mapper-3', 'corrupt:block,times=1')
    await spoiling.says(/"joined master"/)
    await expectExact(wordCount('spoilt'), 'spoilt')
    await spoiling.says(/injected corrupt:block/)
  })
})
