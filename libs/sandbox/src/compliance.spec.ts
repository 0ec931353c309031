import { executorCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { bytesOf, testSandbox } from './sandbox.spec.support.ts'

const executor = bundledExecutor()

executorCompliance('the sandbox', async () => {
  const { sandbox, remove } = testSandbox({ entry: executor.entry })
  return { executor: sandbox, teardown: remove, bundle: async source => bytesOf(source) }
}, { interrupts: true })
