export { filesCompliance } from './files.ts'
export type { FilesSetup } from './files.ts'
