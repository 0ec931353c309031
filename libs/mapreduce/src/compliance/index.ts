export { executorCompliance } from './executor.ts'
export type { ExecutorComplianceOptions, ExecutorSetup } from './executor.ts'
export { filesCompliance } from './files.ts'
export type { FilesSetup } from './files.ts'
