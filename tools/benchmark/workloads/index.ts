import type { Workload } from '../workload.ts'
import { add } from './add.ts'
import { fromNothing } from './from-nothing.ts'
import { grep } from './grep.ts'
import { invertedIndex } from './inverted-index.ts'
import { shuffle } from './shuffle.ts'
import { sort } from './sort.ts'
import { twoMappers } from './two-mappers.ts'
import { noOp, smallJob } from './warm.ts'
import { wordCount } from './word-count.ts'

/** In the order in which they are measured. */
export const WORKLOADS: Workload[] = [noOp, smallJob, fromNothing, wordCount, grep, invertedIndex, sort, shuffle, add, twoMappers]
