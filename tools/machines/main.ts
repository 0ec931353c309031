import { fileURLToPath } from 'node:url'
import { parseCommandLine } from '../command/options.ts'
import { runCommand } from '../command/run.ts'
import { draw, stale, update } from './drawings.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HELP = `npm run machines [-- --check]

Draws every machine of libs/state-machines as a statechart, from the machine itself: diagrams/NAME.mmd (Mermaid),
diagrams/NAME.svg (Graphviz), and the places of its README. Writes only what has changed.

  --check   writes nothing; names the drawings that are stale, and exits 1 where there are any
  --help    says this`

await runCommand({
  help: HELP,
  read: args => {
    const { check = false, help } = parseCommandLine(args, { check: { type: 'boolean' }, help: { type: 'boolean' } })
    return help === true ? undefined : { check }
  },
  run: async ({ check }) => await (check ? isFresh() : redraw())
})

async function redraw (): Promise<boolean> {
  const wanted = await draw(ROOT)
  const { written, removed } = await update(ROOT, wanted)
  for (const path of written) console.log(`wrote ${path}`)
  for (const path of removed) console.log(`removed ${path}`)
  console.log(`${wanted.size - written.length} of ${wanted.size} files were up to date`)
  return true
}

async function isFresh (): Promise<boolean> {
  const wanted = await draw(ROOT)
  const paths = await stale(ROOT, wanted)
  for (const path of paths) console.error(`stale: ${path}`)
  if (paths.length === 0) console.log(`all ${wanted.size} files are what the machines make`)
  else console.error('Redraw with "npm run machines".')
  return paths.length === 0
}
