import { formatBytes } from '../options/parse.ts'
import { formatCount, plural } from '../view/format.ts'
import { renderTable } from '../view/table.ts'
import type { ExplainedTask, Explanation } from './explain.ts'

/** Tasks that a person is shown; --json has all. */
const SHOWN_TASKS = 40
/** The last characters of a peer id tell it from others. */
const PEER_CHARS = 8
const PARTITIONS = {
  hash: 'by the hash of the key',
  range: 'by ranges of keys, at bounds that a sample of the input gives when it runs',
  function: 'by the program\'s own function'
}

/** What `ipmr run --explain` prints. */
export function renderExplanation ({ program, input, maps, reducers, workers }: Explanation): string {
  const format = typeof program.input === 'string' ? program.input : `records of ${program.input.bytes} bytes`
  const { mappers, slots, local } = workers
  const staff = `${plural(mappers, 'mapper')}, ${plural(workers.reducers, 'reducer')}, ${plural(slots, 'slot')}`
  const unheld = maps.filter(task => holdersOfAll(task).length === 0).length
  const facts = [
    ['program', `${program.name}  ${program.cid}  ${formatBytes(program.bytes)}`],
    ['input', `${input.cid}  ${plural(input.files, 'file')}, ${formatBytes(input.bytes)}, as ${format}`],
    ['map', `${plural(maps.length, 'task')}${unheld > 0 ? `, ${formatCount(unheld)} of them nowhere whole: their blocks are fetched` : ''}`],
    ['reduce', `${plural(reducers, 'partition')}, ${PARTITIONS[program.partition]}: ${partNames(reducers)}`],
    ['workers', local ? `of a local cluster that would be started: ${staff}` : staff]
  ]
  const rows = maps.slice(0, SHOWN_TASKS).map(task => [String(task.task), formatBytes(task.bytes), String(task.blocks), holdersText(task), splitsText(task)])
  return [
    ...facts.map(([name = '', value = '']) => `${name.padEnd(8)} ${value}`),
    '',
    renderTable(['map', 'size', 'blocks', 'held by', 'splits'], rows, [true, true, true]),
    ...(maps.length > SHOWN_TASKS ? [`… and ${formatCount(maps.length - SHOWN_TASKS)} more; --json has all`] : []),
    '',
    'Nothing was run.'
  ].join('\n')
}

function holdersOfAll ({ holders, blocks }: ExplainedTask): string[] {
  return holders.filter(holding => holding.blocks === blocks).map(({ holder }) => holder)
}

function holdersText ({ holders, blocks }: ExplainedTask): string {
  if (holders.length === 0) return blocks === 0 ? '-' : 'nobody'
  return holders.map(holding => shortName(holding.holder) + (holding.blocks === blocks ? '' : ` (${holding.blocks} of ${blocks})`)).join(', ')
}

function shortName (holder: string): string {
  return /^12D3|^Qm/.test(holder) ? `…${holder.slice(-PEER_CHARS)}` : holder
}

function splitsText ({ splits }: ExplainedTask): string {
  const [first] = splits
  if (first === undefined) return ''
  const range = `${first.file} ${formatCount(first.offset)}–${formatCount(first.offset + first.length)}`
  return splits.length === 1 ? range : `${range} and ${splits.length - 1} more`
}

function partNames (reducers: number): string {
  const name = (partition: number): string => `part-r-${String(partition).padStart(5, '0')}`
  if (reducers <= 2) return Array.from({ length: reducers }, (_, partition) => name(partition)).join(', ')
  return `${name(0)} … ${name(reducers - 1)}`
}
