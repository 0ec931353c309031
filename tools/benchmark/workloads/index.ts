import type { Workload } from '../workload.ts'
import { wordCount } from './word-count.ts'

/** In the order in which they are measured. */
export const WORKLOADS: Workload[] = [wordCount]
