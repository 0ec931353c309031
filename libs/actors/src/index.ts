export type * from './components.ts'
export type * from './faces.ts'
