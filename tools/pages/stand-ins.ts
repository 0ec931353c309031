/** A command of a page that is too long for a test, and the same one with a small argument, which is run in its place. */
const SMALLER: Array<[pattern: RegExp, small: string]> = [
  [/^npm run simulate(?: -- --seeds \d+)?$/, 'npm run simulate -- --seeds 5'],
  [/^npm run fuzz$/, 'npm run fuzz -- --inputs 1000'],
  [/^npm run machines$/, 'npm run machines -- --check'],
  [/^node tools\/protocol\/generate\.mjs$/, 'node tools/protocol/generate.mjs --check'],
  [/^(node .*tools\/benchmark\/mapreduce\.ts \S+) --mib \d+$/, '$1 --mib 1'],
  [/^(node .*tools\/benchmark\/stores\.ts) --modules \S+ --rounds \d+$/, '$1 --only "plain files" --steps start --start-blocks 100 --rounds 1']
]

/** What is not run by the test of the tools' commands, and who runs it. */
const ELSEWHERE: Array<[pattern: RegExp, who: string]> = [
  [/^npm run test:long$/, 'it is a test itself: tools/pages/whole-commands.long.ts'],
  [/^npm ci$/, '.ci/run begins with it'],
  [/^npm test$/, 'it is what runs this'],
  [/^npm start$/, 'apps/cli/e2e/demo.spec.ts'],
  [/^npm run (?:lint|typecheck)$/, 'npm test begins with it'],
  [/^npm run format$/, 'npm run test:long; npm test lints by the same rules'],
  [/^npm run bundle$/, 'tools/pages/bundles.ts, before anything that a page shows'],
  [/^npm run mutants\b/, 'npm run test:long'],
  [/^npm run generate$/, 'npm run test:long; libs/protocol and tools/build have the tests of what it wrote'],
  [/^npm run record$/, 'npm run test:long; tools/terminal has the tests of how it draws'],
  [/^npm run docs$/, 'tools/docs/docs.spec.mjs, without writing the pages'],
  [/^npm run pack(?::check)?$/, 'npm run test:long'],
  [/^npm run bench\b/, 'tools/benchmark/bench.spec.ts, some workloads with --try in place of a size; npm run test:long has all'],
  [/^npm run scale\b/, 'tools/simulate/scale/scale.spec.ts, with fewer tasks'],
  [/^npm run chaos\b(?!.*--help)/, 'tools/chaos/chaos.spec.ts, with fewer rounds'],
  [/^(?:[A-Z_]+=\S+ )?npx nx (?:test|e2e|lint) /, 'npm test, with each of its projects'],
  [/^node tools\/kubo\/build\.mjs$/, '.ci/run, where Go is'],
  [/^node --(?:inspect-brk|cpu-prof)\b/, 'it waits for a debugger, or is part of another command'],
  [/^npm (?:i|install) /, 'tools/pack installs what its packages need; STORES.md names what it compares with']
]

/** What is run for a command of a page: it, something smaller, or nothing here, because somebody else does. @throws Error where no rule says */
export function standInFor (command: string): { run: string } | { elsewhere: string } {
  const elsewhere = ELSEWHERE.find(([pattern]) => pattern.test(command))?.[1]
  if (elsewhere !== undefined) return { elsewhere }
  const smaller = SMALLER.find(([pattern]) => pattern.test(command))
  if (smaller !== undefined) return { run: command.replace(...smaller) }
  if (/^npm run (?:simulate|machines|chaos) -- |^node (?:--conditions=\S+ )?tools\//.test(command)) return { run: command }
  throw new Error(`no rule says what runs ${command}`)
}
