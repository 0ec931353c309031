import { PLAIN_CLUSTER, PLAIN_JOB, runScenario, type Scenario } from '@ipfs-mapreduce/simulator'

// What a straggler costs with backup attempts and without: eight maps of a second on four mappers, one of which takes two minutes longer.
// node --conditions=@ipfs-mapreduce/source tools/simulate/straggler.ts

const MAPS = 8
const LATER_THAN_ANY_JOB_MS = 1e9
const line = (i: number): string => `line ${i}\n`

const scenario = (slow: boolean, backupMs: number): Scenario => ({
  seed: 'straggler',
  cluster: { ...PLAIN_CLUSTER, mappers: 4, executeMs: { min: 1_000, max: 1_000 }, timing: { backupMs } },
  jobs: [{ ...PLAIN_JOB, files: { 'a.txt': Array.from({ length: MAPS }, (_, i) => line(i)).join('') }, chunkBytes: line(0).length, splitBytes: line(0).length }],
  faults: slow ? [{ kind: 'process', peer: 'm4', faults: 'slow:execute,ms=120s' }] : [],
  faultsMs: 600_000
})

for (const [name, slow, backupMs] of [['no straggler', false, 2_000], ['a straggler, with backups', true, 2_000], ['a straggler, without', true, LATER_THAN_ANY_JOB_MS]] as const) {
  const { transcript, violations } = await runScenario(scenario(slow, backupMs))
  const ended = transcript.find(line => line.includes(' jobEnded '))
  if (violations.length > 0 || ended === undefined) throw new Error(`${name}: ${violations[0]?.message ?? 'the job did not end'}`)
  const attempts = transcript.filter(line => / -> m\d attemptAssigned map/.test(line)).length
  process.stdout.write(`${name.padEnd(26)} ${String(Number.parseInt(ended) - PLAIN_JOB.atMs).padStart(7)} ms from submission to end, ${attempts} attempts at ${MAPS} maps\n`)
}
