import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../faults/fault.ts'
import type { ClusterShape } from '../world/shape.ts'
import { PLAIN_CLUSTER, PLAIN_JOB } from './plain.ts'
import { runScenario } from './run.ts'
import type { JobPlan, Scenario } from './scenario.ts'

/** `UPDATE_TRANSCRIPTS=1` writes them anew: read the difference before you commit it. */
const UPDATE = process.env['UPDATE_TRANSCRIPTS'] === '1'

interface Golden {
  about: string
  faults: Fault[]
  cluster?: Partial<ClusterShape>
  job?: Partial<JobPlan>
  /** Lines that the transcript must have, in this order: what the reader should see in it. */
  shows: RegExp[]
}

const GOLDEN: Record<string, Golden> = {
  'lost-mapper': {
    about: 'A mapper dies in the midst of a map: its closed connection makes it suspect, a second later its task backs off and runs elsewhere.',
    faults: [{ kind: 'crash', peer: 'm1', disk: 'kept', atMs: 250, forMs: 10_000 }],
    shows: [/attemptAssigned map \d#1/, /m1 ends/, /disconnected and did not come back within 1000 ms/, /attemptAssigned map \d#2/, /succeeded/]
  },
  'lost-reducer': {
    about: 'A reducer dies while it reduces: its task runs again at the other one, which pulls the same runs; no map runs again.',
    faults: [{ kind: 'crash', peer: 'r1', disk: 'kept', atMs: 600, forMs: 10_000 }],
    shows: [/attemptAssigned reduce \d#1/, /r1 ends/, /attemptAssigned reduce \d#2/, /succeeded/]
  },
  straggler: {
    about: 'A mapper is slow. When its peers have long been done a backup runs elsewhere; it commits first, and the straggler is told to stop.',
    cluster: { mappers: 3 },
    faults: [{ kind: 'process', peer: 'm1', faults: 'slow:execute,ms=30s' }],
    shows: [/attemptAssigned map \d#1/, /attemptAssigned map \d#2/, /attemptCompleted map \d#2/, /attemptAborted map \d#1/, /succeeded/]
  },
  'lost-run': {
    about: 'A mapper and its disk are gone after its map has committed, before its run was fetched: a reducer reports it, that map runs again, and nothing else does.',
    faults: [
      { kind: 'drop', of: 'block', p: 1, atMs: 300, forMs: 300 },
      { kind: 'crash', peer: 'm1', disk: 'wiped', atMs: 560, forMs: 20_000 }
    ],
    shows: [/attemptCompleted map \d#1/, /m1 ends/, /runLost/, /attemptAssigned map \d#2/, /attemptCompleted map \d#2/, /succeeded/]
  },
  'master-restarted': {
    about: 'The master is killed in mid-map and started again: it reads its journal, the workers join it and report what they finished meanwhile; no attempt is made twice.',
    faults: [{ kind: 'crash', peer: 'master', disk: 'kept', atMs: 350, forMs: 3_000 }],
    shows: [/attemptAssigned map 0#1/, /master ends/, /a report was not taken/, /master starts again/, /attemptCompleted map \d#1/, /succeeded/]
  },
  'job-resumed': {
    about: 'The machine of the master is lost for good in mid-job. A user has another master take the job up from the last checkpoint that was announced, which workers kept: no map that it names runs again.',
    cluster: { spares: 1, executeMs: { min: 1500, max: 1500 }, timing: { checkpointMs: 500 } },
    job: { splitBytes: 8, chunkBytes: 8 },
    faults: [{ kind: 'takeover', peer: 'master', by: 'master2', atMs: 2_500, resumeMs: 2_000 }],
    shows: [/attemptCompleted map 0#1/, /~jobs job \S+ running/, /master is lost for good/, /master2 shall take up the jobs of master/, /client -> master2 resumeJob/, /master2 -> client jobAccepted/, /master2 -> m\d attemptAssigned map/, /master2 -> r\d runsCommitted/, /succeeded/]
  },
  'partition-healed': {
    about: 'A mapper is cut off from the master for longer than its lease: its task runs elsewhere. When the link is back it joins again, and is told that its attempt is not wanted any more.',
    cluster: { executeMs: { min: 3000, max: 3000 }, timing: { backupMs: 60_000 } },
    faults: [{ kind: 'partition', from: ['m1'], to: ['master'], atMs: 250, forMs: 9_000 }],
    shows: [/m1 \| master/, /-x master attemptCompleted map 0#1 \(cut\)/, /sent no heartbeat for 5000 ms/, /attemptAssigned map 0#2/, /attemptCompleted map 0#2/, /m1 -> master join/, /master -> m1 attemptAborted map 0#1/, /succeeded/]
  },
  'two-equal-commits': {
    about: 'A report is late, so that a backup runs and commits first. The late one names the same runs: the task stays committed once.',
    cluster: { executeMs: { min: 1000, max: 1000 } },
    faults: [{ kind: 'delay', of: 'attemptCompleted', p: 1, ms: 4_500, atMs: 1_147, forMs: 2 }],
    shows: [/attemptAssigned map 0#2/, /m2 -> master attemptCompleted map 0#2/, /m1 -> master attemptCompleted map 0#1/, /ack of attemptCompleted map 0#1/, /succeeded/]
  },
  'lying-worker': {
    about: 'A mapper answers with another output than its program made, and then is gone with its disk. When its task runs again the answers differ, a third worker decides, and all that the liar made is made again.',
    cluster: { mappers: 3 },
    faults: [
      { kind: 'process', peer: 'm1', faults: 'lie:output' },
      { kind: 'drop', of: 'block', p: 1, atMs: 300, forMs: 300 },
      { kind: 'crash', peer: 'm1', disk: 'wiped', atMs: 560, forMs: 60_000 }
    ],
    shows: [/attemptCompleted map \d#1/, /m1 ends/, /runLost/, /gave different outputs of map task \d; another worker decides/, /worker m1 gave another output of map task \d than two others/, /succeeded/]
  }
}

describe('golden transcripts', () => {
  it.each(Object.entries(GOLDEN))('%s', async (name, { about, faults, cluster, job, shows }) => {
    const scenario: Scenario = { seed: name, cluster: { ...PLAIN_CLUSTER, ...cluster }, jobs: [{ ...PLAIN_JOB, ...job }], faults, faultsMs: 90_000 }
    const { violations, transcript } = await runScenario(scenario)
    expect(violations).toEqual([])
    const text = `# ${about}\n\n${transcript.join('\n')}\n`
    let at = 0
    for (const shown of shows) {
      const found = transcript.findIndex((line, i) => i >= at && shown.test(line))
      expect({ shown: String(shown), found: found >= at, transcript: found >= at ? '' : text }).toEqual({ shown: String(shown), found: true, transcript: '' })
      at = found + 1
    }
    const file = fileURLToPath(new URL(`../../transcripts/${name}.txt`, import.meta.url))
    if (UPDATE) writeFileSync(file, text)
    expect(text).toBe(readFileSync(file, 'utf8'))
  })
})
