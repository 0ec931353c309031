import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { until } from './processes.ts'
import { slowWordCount } from './slow-program.ts'
import { sampleText } from './text.ts'
import { workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

let bench: Workbench
beforeEach(() => {
  bench = workbench()
  bench.write('slow.js', slowWordCount(200))
  bench.write('sample.txt', sampleText(400))
})
afterEach(async () => { await bench.remove() })

const RUN = ['run', 'slow.js', 'sample.txt', '--chunk-size', '1k', '--split-size', '2k']

describe('an interrupted job', () => {
  it('by Ctrl-C is cancelled: exit 130, no process and no file left', async () => {
    const running = bench.start(...RUN)
    await running.says(/map \d+\/\d+ \(/)
    // A job on a small file begins with one worker of each kind; one that takes long gets the others.
    await until('all workers', bench.processes, found => ['mapper-2', 'reducer-2'].every(name => found.some(line => line.includes(name))), 30_000)
    running.child.kill('SIGINT')
    const { exit, stdout, stderr } = await running.ended
    expect({ exit, stdout }).toEqual({ exit: 130, stdout: '' })
    expect(stderr).toMatch(/^ipmr: cancelled job \S+\nipmr: cancelled [^(]*map \d+\/\d+,[^(]*\nipmr: interrupted\n$/m)
    expect(await bench.processes()).toEqual([])
    expect(bench.leftovers()).toEqual([])
  })

  it('by kill -9 leaves no process and no file either, a moment later', async () => {
    const running = bench.start(...RUN)
    await running.says(/map \d+\/\d+ \(/)
    running.child.kill('SIGKILL')
    await running.ended
    await until('processes', bench.processes, left => left.length === 0, 15_000)
    await until('files', bench.leftovers, left => left.length === 0, 15_000)
  })

  it('before it is accepted ends just as well', async () => {
    const running = bench.start(...RUN)
    await until('services', bench.processes, found => found.some(line => line.includes('mapper')))
    running.child.kill('SIGTERM')
    expect((await running.ended).exit).toBe(143)
    expect(await bench.processes()).toEqual([])
    expect(bench.leftovers()).toEqual([])
  })
})
