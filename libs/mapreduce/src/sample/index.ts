export { sampleBounds } from './sample-bounds.ts'
export type { SampledJob, SampleOptions } from './sample-bounds.ts'
