import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createFiles, openStore } from '@ipfs-mapreduce/blocks'
import { FsBlockstore } from 'blockstore-fs'
import { importer } from 'ipfs-unixfs-importer'
import type { ImporterOptions } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'

/** `main KIND FILE DIRECTORY` stores a file in an empty block store, and prints its CID and how long that took. */

const KIB = 1024
/** What `@helia/unixfs` gives its importer, which is the layout of this project too: CIDs are equal. */
const HELIA_DEFAULTS: ImporterOptions = { cidVersion: 1, rawLeaves: true, layout: balanced({ maxChildrenPerNode: 1024 }), chunker: fixedSize({ chunkSize: 1024 * KIB }) }

const IMPORTERS: Record<string, (file: string, directory: string) => Promise<string>> = {
  ours: async (file, directory) => {
    const store = await openStore(directory)
    const files = await createFiles({ store })
    return (await files.addPath(file)).cid
  },
  helia: async (file, directory) => await heliaImport(file, directory, HELIA_DEFAULTS)
}

const [kind = '', file = '', directory = ''] = process.argv.slice(2)
const add = IMPORTERS[kind]
if (add === undefined) throw new Error(`no importer ${kind}`)
const startedMs = performance.now()
const cid = await add(file, directory)
process.stdout.write(JSON.stringify({ seconds: (performance.now() - startedMs) / 1000, cid }))
process.exit()

async function heliaImport (file: string, directory: string, options: ImporterOptions): Promise<string> {
  const blockstore = new FsBlockstore(join(directory, 'blocks'))
  await blockstore.open()
  let root = ''
  for await (const { cid } of importer([{ content: createReadStream(file, { highWaterMark: 1024 * KIB }) }], blockstore, options)) root = `${cid}`
  return root
}
