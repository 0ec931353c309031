import { fileURLToPath } from 'node:url'
import { reducer } from '@ipfs-mapreduce/actors'
import { createSandbox } from '@ipfs-mapreduce/sandbox'
import { runWorker } from '@ipfs-mapreduce/service'

/** Bundled beside this file by tools/build. */
const executor = { path: fileURLToPath(new URL('./executor.mjs', import.meta.url)) }

await runWorker({
  role: 'reducer',
  worker: reducer,
  executor: parts => createSandbox({ ...parts, entry: executor })
})
