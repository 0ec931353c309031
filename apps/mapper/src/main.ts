import { fileURLToPath } from 'node:url'
import { mapper } from '@ipfs-mapreduce/actors'
import { createSandbox } from '@ipfs-mapreduce/sandbox'
import { runWorker } from '@ipfs-mapreduce/service'

/** Bundled beside this file by tools/build. */
const executor = { path: fileURLToPath(new URL('./executor.mjs', import.meta.url)) }

await runWorker({
  role: 'mapper',
  worker: mapper,
  executor: parts => createSandbox({ ...parts, entry: executor })
})
