import { executorCompliance } from './compliance/executor.ts'
import { inProcessExecutor } from './in-process-executor.ts'
import type { Program } from './program.ts'

executorCompliance('inProcessExecutor', async () => {
  const executor = inProcessExecutor({
    load: async bundle => (await import(`data:text/javascript;base64,${Buffer.from(bundle).toString('base64')}`) as { default: Program }).default,
    pause: async () => await new Promise(resolve => setImmediate(resolve))
  })
  return { executor, bundle: async source => new TextEncoder().encode(source), teardown: async () => await executor.close() }
})
