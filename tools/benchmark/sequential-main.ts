import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import { wordCount } from '@ipfs-mapreduce/programs'

/** One process, a plain file, the oracle: `sequential-main FILE REDUCERS OUTPUT`. Prints the seconds from file to output. */
const [file, reducers, output] = process.argv.slice(2) as [string, string, string]
const startedMs = performance.now()
const content = await readFile(file)
const { parts } = await sequential(wordCount, [{ path: basename(file), content }], { reducers: Number(reducers) })
await writeFile(output, Buffer.concat(parts))
process.stdout.write(JSON.stringify({ seconds: (performance.now() - startedMs) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 }))
