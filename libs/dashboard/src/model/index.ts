/** What the page makes of the pushes; knows nothing of Node. */
export { Attempts } from './attempts.ts'
export { apply, NOTHING } from './model.ts'
export type { JobModel, Model } from './model.ts'
