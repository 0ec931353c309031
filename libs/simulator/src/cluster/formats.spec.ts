import { describe, expect, it } from '@jest/globals'
import { defineProgram, sequential } from '@ipfs-mapreduce/mapreduce'
import { createCluster } from './cluster.ts'
import { findProgram } from './program-bundle.ts'

const encoder = new TextEncoder()

/** Emits each record under its file and offset, as text: every byte and every edge shows in the output. */
const programs = {
  lines: defineProgram({
    input: 'lines',
    map: ({ value, file, offset }, emit) => { emit(value, `${file}@${offset}`) },
    reduce: (line, places, emit) => { emit(line, [...places]) }
  }),
  'raw-lines': defineProgram({
    input: 'raw-lines',
    map: ({ value, file, offset }, emit) => { emit(value, `${file}@${offset}`) },
    reduce: (line, places, emit) => { emit(line, [...places]) }
  }),
  ndjson: defineProgram({
    input: 'ndjson',
    map: ({ value, offset }, emit) => { emit([value], offset) },
    reduce: (value, offsets, emit) => { emit(value, [...offsets]) }
  }),
  csv: defineProgram({
    input: 'csv',
    map: ({ value, offset }, emit) => { emit(value.name ?? '', { offset, ...value }) },
    reduce: (name, rows, emit) => { for (const row of rows) emit(name, row) }
  }),
  text: defineProgram({
    input: 'text',
    map: ({ value, file }, emit) => { emit(file, value.length) },
    reduce: (file, lengths, emit) => { emit(file, [...lengths]) }
  }),
  bytes: defineProgram({
    input: { bytes: 5 },
    map: ({ value, offset }, emit) => { emit(value, offset) },
    reduce: (bytes, offsets, emit) => { emit(bytes, [...offsets]) }
  })
}

const LINES = {
  'crlf.txt': 'one\r\ntwo\r\n\r\nthree\r\n',
  'long.txt': `${'a line that is longer than many blocks '.repeat(12)}\nshort`,
  'utf8.txt': 'é鯨𝒳ü\nẃhálę\n𐍈𐍈𐍈',
  'empty.txt': '',
  'newlines.txt': '\n\n\r\n\n'
}
const inputs: Record<keyof typeof programs, Record<string, string>> = {
  lines: LINES,
  'raw-lines': LINES,
  text: LINES,
  bytes: LINES,
  ndjson: { 'a.ndjson': '{"b":1,"a":[true,null]}\n\n"whale 鯨"\r\n-0.5', 'b.ndjson': '[1,2,{"x":"é"}]\n' },
  csv: { 'a.csv': 'name,note\r\nAhab,"said ""call\r\nall hands"", twice"\r\n"鯨, white",\r\nAhab,again', 'b.csv': 'note,name\n"quoted\nnewline",Ishmael\n' }
}

describe('every input format, with edges of blocks anywhere', () => {
  for (const name of Object.keys(programs) as Array<keyof typeof programs>) {
    it(`${name}: the bytes of the oracle for blocks of 1 to 64 bytes`, async () => {
      const files = Object.entries(inputs[name]).map(([path, text]) => ({ path, content: encoder.encode(text) }))
      for (const [chunkBytes, reducers] of [[1, 2], [3, 1], [7, 3], [64, 2]] as const) {
        const cluster = createCluster({ seed: `${name} ${chunkBytes}`, slots: 4, programs })
        const job = await cluster.submit(name, inputs[name], { chunkBytes, reducers })
        expect(await cluster.waitForJob(job)).toMatchObject({ state: 'succeeded' })
        const oracle = await sequential(findProgram(programs, name), files.sort((a, b) => a.path < b.path ? -1 : 1), { reducers, separator: ' ' })
        expect(cluster.output(job)).toEqual(oracle.parts)
      }
    })
  }
})

describe('a range-partitioned job', () => {
  const sorting = { sort: defineProgram({ input: 'lines', partition: 'range', map: ({ value }, emit) => { emit(value, 1) }, reduce: (line, times, emit) => { emit(line, [...times].length) } }) }
  const text = 'sea\nwhale\nahab\nsea\nship\nwhale\nharpoon\n'

  it('has the parts that its bounds cut', async () => {
    const cluster = createCluster({ seed: 'range', slots: 2, programs: sorting })
    const job = await cluster.submit('sort', { 'a.txt': text }, { chunkBytes: 8, reducers: 3, bounds: ['73', '7368'] })
    expect(await cluster.waitForJob(job)).toMatchObject({ state: 'succeeded' })
    expect(cluster.output(job).map(part => new TextDecoder().decode(part))).toEqual(['ahab 1\nharpoon 1\n', 'sea 2\n', 'ship 1\nwhale 2\n'])
  })

  it('without bounds fails at once, and says what is missing', async () => {
    const cluster = createCluster({ seed: 'range', slots: 2, programs: sorting })
    const job = await cluster.submit('sort', { 'a.txt': text }, { chunkBytes: 8, reducers: 3 })
    expect(await cluster.waitForJob(job)).toMatchObject({ state: 'failed', failure: { code: 'FATAL', message: expect.stringContaining('the program partitions by range, and the job does not say where') } })
  })
})
