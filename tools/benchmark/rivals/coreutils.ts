import type { Bench } from '../bench.ts'
import { digestOfFiles } from '../digest.ts'
import { GIB } from '../size.ts'
import type { Contender } from '../contender.ts'
import { COREUTILS, GNU_GREP, GNU_SORT, MAWK } from './names.ts'
import { missingTools, shellContender } from './shell.ts'

/** Letters of the made texts: ASCII's, and every byte of the others. */
const NOT_LETTERS = '[^A-Za-z\\200-\\377]+'
const SORT = 'sort --parallel=2 -S 512M'
/** Of what takes minutes at this size. */
const ONCE_FROM_BYTES = GIB

export interface Found {
  contenders: Contender[]
  notes: string[]
}

/** Those of the contenders whose tools are here, and a note on each other one. */
async function present (candidates: Array<{ contender: Contender, tools: Array<{ tool: string, gnu: boolean }> }>): Promise<Found> {
  const found: Found = { contenders: [], notes: [] }
  for (const { contender, tools } of candidates) {
    const missing = await missingTools(tools)
    if (missing.length === 0) found.contenders.push(contender)
    else found.notes.push(`${contender.name} was not measured: this system has no ${missing.join(' and no ')}`)
  }
  return found
}

/** Word counts by a pipeline, and by awk in one process. */
export async function wordCounters (bench: Bench, input: string, bytes: number): Promise<Found> {
  const turns = bytes >= ONCE_FROM_BYTES ? 1 : undefined
  const found = await present([{
    contender: shellContender(bench, {
      name: COREUTILS, input, turns, script: `tr -cs 'A-Za-z\\200-\\377' '\\n' < "$1" | ${SORT} | uniq -c > "$2"`, check: async output => await digestOfFiles([output], countLast)
    }),
    tools: [{ tool: 'tr', gnu: true }, { tool: 'sort', gnu: true }, { tool: 'uniq', gnu: true }]
  }, {
    contender: shellContender(bench, {
      name: MAWK, input, turns,
      script: `mawk -F '${NOT_LETTERS}' '{ for (i = 1; i <= NF; i++) if ($i != "") n[$i]++ } END { for (w in n) print w, n[w] }' "$1" > "$2"`,
      check: async output => await digestOfFiles([output])
    }),
    tools: [{ tool: 'mawk', gnu: false }]
  }])
  return turns === undefined ? found : { ...found, notes: [...found.notes, `${[COREUTILS, MAWK].join(' and ')} ran ${turns} time at this size`] }
}

/** `     12 word` as `word 12`. */
function countLast (line: string): string {
  const [, count, word] = /^ *(\d+) (.*)$/.exec(line) ?? []
  return `${word} ${count}`
}

export async function grepper (bench: Bench, input: string, pattern: string): Promise<Found> {
  return await present([{
    contender: shellContender(bench, {
      name: GNU_GREP, input,
      // Exit status 1 says that no line matches.
      script: `grep -b '${pattern}' "$1" > "$2" || [ $? -eq 1 ]`,
      check: async output => await digestOfFiles([output])
    }),
    tools: [{ tool: 'grep', gnu: true }]
  }])
}

export async function sorter (bench: Bench, input: string, check: (output: string) => Promise<string>): Promise<Found> {
  return await present([{
    contender: shellContender(bench, { name: GNU_SORT, input, script: `${SORT} "$1" -o "$2"`, check }),
    tools: [{ tool: 'sort', gnu: true }]
  }])
}
