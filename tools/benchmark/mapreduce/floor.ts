import { mapOf, reduceOf } from '@ipfs-mapreduce/mapreduce'
import type { Datum, Emit, ProgramContext } from '@ipfs-mapreduce/mapreduce'
import { startClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { RECORD_BYTES } from './input.ts'
import { fileBlocksSync } from './tasks.ts'
import { fileName } from './workloads.ts'
import type { Workload } from './workloads.ts'

export interface FloorResult {
  clock: Clock
  outputBytes: number
}

/**
 * What a person would write by hand for one process and an input that fits in memory: lines cut from decoded text, the
 * program's own map function, a map of keys, a sort of the keys. Records are sorted as slices of one buffer.
 */
export function runFloor (workload: Workload, path: string): FloorResult {
  const stop = startClock()
  const outputBytes = workload.input === 'records' ? sortRecords(path) : workload.program.output === 'values' ? sortLines(path) : mapLines(workload, path)
  return { clock: stop(), outputBytes }
}

function mapLines ({ program, args, fileBytes = Infinity }: Workload, path: string): number {
  /** Counted as they come: a word count is told by its values. */
  const combine = program.combine !== undefined && fileBytes === Infinity
  const counts = new Map<string, number>()
  const lists = new Map<string, Datum[]>()
  const emit: Emit = combine
    ? key => { counts.set(key as string, (counts.get(key as string) ?? 0) + 1) }
    : (key, value) => {
        const list = lists.get(key as string)
        if (list === undefined) lists.set(key as string, [value])
        else list.push(value)
      }
  const context: ProgramContext = { args, count () {} }
  const decoder = new TextDecoder()
  let rest = ''
  let offset = 0
  const mapRecord = mapOf(program)
  const map = (value: string): void => {
    mapRecord({ value: value as never, file: fileBytes === Infinity ? 'input' : fileName(fileBytes, offset), offset }, emit, context)
    offset += Buffer.byteLength(value) + 1
  }
  for (const block of fileBlocksSync(path, 0, Infinity)) {
    const lines = (rest + decoder.decode(block, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) map(line)
  }
  if (rest !== '') map(rest)
  let outputBytes = 0
  const reduce = reduceOf(program)
  const write = (key: Datum, value: Datum): void => { outputBytes += Buffer.from(`${String(key)} ${String(value)}\n`).length }
  if (combine) for (const key of [...counts.keys()].sort()) write(key, counts.get(key)!)
  else for (const key of [...lists.keys()].sort()) reduce(key, lists.get(key)!.values(), write, context)
  return outputBytes
}

function sortRecords (path: string): number {
  const records: Buffer[] = []
  const all = Buffer.concat([...fileBlocksSync(path, 0, Infinity)])
  for (let start = 0; start < all.length; start += RECORD_BYTES) records.push(all.subarray(start, start + RECORD_BYTES))
  records.sort(Buffer.compare)
  let outputBytes = 0
  for (let i = 0; i < records.length; i += 1000) outputBytes += Buffer.concat(records.slice(i, i + 1000)).length
  return outputBytes
}

function sortLines (path: string): number {
  const lines: Buffer[] = []
  const all = Buffer.concat([...fileBlocksSync(path, 0, Infinity)])
  for (let start = 0; start < all.length;) {
    const newline = all.indexOf('\n', start)
    const end = newline < 0 ? all.length : newline
    lines.push(all.subarray(start, end))
    start = end + 1
  }
  lines.sort(Buffer.compare)
  const newline = Buffer.from('\n')
  let outputBytes = 0
  for (let i = 0; i < lines.length; i += 1000) outputBytes += Buffer.concat(lines.slice(i, i + 1000).flatMap(line => [line, newline])).length
  return outputBytes
}
