import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { draw, stale, update } from './drawings.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HELP = `npm run machines [-- --check]

Draws every machine of libs/state-machines as a statechart, from the machine itself: diagrams/NAME.mmd (Mermaid),
diagrams/NAME.svg (Graphviz), and the places of its README. Writes only what has changed.

  --check   writes nothing; names the drawings that are stale, and exits 1 where there are any
  --help    says this`

const options = { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const

try {
  const { values } = parseArgs({ options })
  if (values.help) console.log(HELP)
  else await run(values.check)
} catch (error) {
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error
  console.error(`${error.message}\n\n${HELP}`)
  process.exitCode = 2
}

async function run (check: boolean): Promise<void> {
  const wanted = await draw(ROOT)
  if (!check) {
    const { written, removed } = await update(ROOT, wanted)
    for (const path of written) console.log(`wrote ${path}`)
    for (const path of removed) console.log(`removed ${path}`)
    console.log(`${wanted.size - written.length} of ${wanted.size} files were up to date`)
    return
  }
  const paths = await stale(ROOT, wanted)
  for (const path of paths) console.error(`stale: ${path}`)
  if (paths.length === 0) console.log(`all ${wanted.size} files are what the machines make`)
  else console.error('Redraw with "npm run machines".')
  process.exitCode = paths.length === 0 ? 0 : 1
}
