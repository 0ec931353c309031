import { coverageOf, FAULT_KINDS, type FaultKind, type Reached, type Report, type Violation } from '@ipfs-mapreduce/simulator'
import type { Outcome, Sweep } from './sweep.ts'

/** Failing seeds that are shown in full. */
const SHOWN_FAILURES = 10

/** What a sweep found, for a terminal. */
export function sweepText ({ outcomes, reached, wallMs, rare }: Sweep & { rare: readonly Report[] }, commit: string): string {
  const failed = outcomes.filter(({ violations }) => violations.length > 0)
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0)
  const lines = [
    `${outcomes.length} seeds, ${failed.length} failed; ${(wallMs / 1000).toFixed(1)} s, ${(outcomes.length / wallMs * 1000).toFixed(1)} seeds/s; ${Math.round(sum(({ virtualMs }) => virtualMs) / 1000)} s of virtual time, ${sum(({ steps }) => steps)} steps`,
    `jobs: ${tally(outcomes.flatMap(({ ends }) => ends.map(endText)))}`,
    `faults: ${FAULT_KINDS.map(kind => `${kind} ${struckBy(outcomes, kind)}`).join(', ')}`,
    `rare paths: ${rare.length} scenarios, ${rare.filter(({ violations }) => violations.length > 0).length} failed`,
    ...coverageLines(reached)
  ]
  for (const { seed, violations } of rare) if (violations.length > 0) lines.push('', failureText(`'${seed}'`, violations, commit))
  for (const { seed, violations } of failed.slice(0, SHOWN_FAILURES)) lines.push('', failureText(String(seed), violations, commit))
  if (failed.length > SHOWN_FAILURES) lines.push('', `and seeds ${failed.slice(SHOWN_FAILURES).map(({ seed }) => seed).join(' ')}`)
  return lines.join('\n')
}

/** A failing seed: what it broke, and how to see it again. */
export function failureText (seed: string, violations: readonly Violation[], commit: string): string {
  return [
    `seed ${seed} failed at ${commit}`,
    ...violations.map(({ checker, message, atMs, step }) => `  ${checker}: ${message} (at ${atMs} ms, step ${step})`),
    `  npm run simulate -- --seed ${seed} --trace`
  ].join('\n')
}

/** For each machine what was reached of it, and by name what was not. */
export function coverageLines (reached: Reached): string[] {
  return coverageOf(reached).flatMap(({ machine, states, transitions, statesReached, transitionsReached }) => {
    const missed = [...states.filter(id => !statesReached.includes(id)), ...transitions.filter(name => !transitionsReached.includes(name))]
    return [
      `${machine}: ${statesReached.length}/${states.length} states, ${transitionsReached.length}/${transitions.length} transitions`,
      ...missed.map(name => `  not reached: ${name}`)
    ]
  })
}

/** How often faults of a kind struck in all. */
export function struckBy (outcomes: ReadonlyArray<Pick<Outcome, 'struck'>>, kind: FaultKind): number {
  return outcomes.reduce((total, { struck }) => total + (struck[kind] ?? 0), 0)
}

/** `failed TIMEOUT`. */
function endText ({ state, code }: Outcome['ends'][number]): string {
  return state === 'failed' ? `failed ${code ?? 'without a code'}` : state
}

function tally (names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${count} ${name}`).join(', ')
}
