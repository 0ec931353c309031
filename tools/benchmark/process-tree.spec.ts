import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { ProcessTreeWatch, TELLS_FOOTPRINTS, untilAtRest } from './process-tree.ts'

const MIB = 1024 * 1024
/** A process whose child fills 150 MiB, spins for a while, and says so. */
const PARENT = `
  const { spawn } = require('node:child_process')
  spawn(process.execPath, ['-e', 'const held = Buffer.alloc(150 * ${MIB}, 1); const end = performance.now() + 300; while (performance.now() < end); console.log(held.length); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'inherit', 'inherit'] })
`

describe('the watch over a tree of processes', () => {
  const reason = TELLS_FOOTPRINTS ? '' : ` (skipped: ${process.platform} does not tell what a process takes)`
  const test = TELLS_FOOTPRINTS ? it : it.skip
  test(`charges a child under its parent's name${reason}`, async () => {
    const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    const watch = new ProcessTreeWatch(() => new Map([[parent.pid!, 'service']]))
    try {
      watch.start()
      await untilAtRest(() => new Map([[parent.pid!, 'service']]), AbortSignal.timeout(20_000))
      expect(parent.stdout.read()).not.toBeNull()
      const footprint = watch.stop()
      expect(footprint!.largest).toBe('service executor')
      expect(footprint!.largestMiB).toBeGreaterThan(150)
      expect(footprint!.sumMiB).toBeGreaterThan(footprint!.largestMiB)
      expect(footprint!.peakMiB['service']).toBeLessThan(150)
      expect(footprint!.cpuSeconds['service executor']).toBeGreaterThan(0.1)
    } finally {
      const gone = once(parent, 'exit')
      process.kill(-parent.pid!, 'SIGKILL')
      await gone
    }
  })
})
