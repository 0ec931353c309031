/** What `ipmr init` writes beside the vendored library: file names and their text. */

const PROGRAM = `import { defineProgram, sum } from '@ipfs-mapreduce/mapreduce'

/** How often each word occurs. Keys are strings and values numbers: the types say so to your editor. */
export default defineProgram<'lines', string, number>({
  // One record for each line. Others: raw-lines, text (a whole file), ndjson, csv, { bytes: N }.
  input: 'lines',

  // Runs where the data is, once for each record.
  map ({ value }, emit, { args, count }) {
    const least = Number(args.least ?? 1)
    for (const word of value.toLowerCase().match(/\\p{L}+/gu) ?? []) {
      if (word.length >= least) emit(word, 1)
      else count('too short')
    }
  },

  // Optional: makes less to send, by adding up what one mapper emitted.
  combine: (word, counts, emit) => emit(word, sum(counts)),

  // Once for each key, with all of its values.
  reduce: (word, counts, emit) => emit(word, sum(counts))
})
`

/** JavaScript, because Node's own types are not here until they are installed. */
const TEST = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import program from './program.ts'

/** The lines that the program writes for a text, through the same oracle as ipmr run --local. */
async function linesOf (text, args = {}) {
  const { parts, counters } = await sequential(program, [{ path: 'test.txt', content: new TextEncoder().encode(text) }], { reducers: 1, args })
  return { lines: new TextDecoder().decode(parts[0]).split('\\n').slice(0, -1), counters }
}

test('counts words, whatever their case', async () => {
  const { lines } = await linesOf('The whale, the sea\\nthe Whale\\n')
  assert.deepEqual(lines, ['sea 1', 'the 3', 'whale 2'])
})

test('leaves out short words, and counts them', async () => {
  const { lines, counters } = await linesOf('a whale of a time', { least: '3' })
  assert.deepEqual(lines, ['time 1', 'whale 1'])
  assert.equal(counters['user.too short'], 3)
})
`

const SAMPLE = `Call me Ishmael. Some years ago, never mind how long precisely,
having little or no money in my purse, and nothing particular
to interest me on shore, I thought I would sail about a little
and see the watery part of the world.
`

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    noEmit: true
  },
  include: ['*.ts']
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Where the library is kept for a project that no registry has given it, below the project's root. */
export const VENDOR_DIR = 'vendor/mapreduce'
export const LIBRARY = '@ipfs-mapreduce/mapreduce'

/** The files of a project by their path. */
export function projectFiles (name: string): Record<string, string> {
  return {
    'program.ts': PROGRAM,
    'program.test.js': TEST,
    'sample.txt': SAMPLE,
    'package.json': json({
      name,
      version: '0.0.0',
      private: true,
      type: 'module',
      // The first that strip types without being asked to.
      engines: { node: '>=22.18' },
      scripts: { test: 'node --test' },
      dependencies: { [LIBRARY]: `file:${VENDOR_DIR}` }
    }),
    'tsconfig.json': json(TSCONFIG),
    '.gitignore': 'node_modules\nout\n'
  }
}
