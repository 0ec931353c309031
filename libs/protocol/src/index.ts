export type * from './messages.ts'
export type * from './network.ts'
