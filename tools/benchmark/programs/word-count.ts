import { join } from 'node:path'
import { wordCount } from '@ipfs-mapreduce/programs'
import { ROOT } from '../layout.ts'

/** The shipped program, as a client names it. */
export const WORD_COUNT = { path: join(ROOT, 'libs/programs/src/word-count.ts'), name: 'word-count', format: wordCount.input }
