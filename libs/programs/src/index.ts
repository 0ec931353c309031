import type { Program } from '@ipfs-mapreduce/mapreduce'
import grep from './grep.ts'
import invertedIndex from './inverted-index.ts'
import sort from './sort.ts'
import sortRecords from './sort-records.ts'
import wordCount from './word-count.ts'

export { grep, invertedIndex, sort, sortRecords, wordCount }

/** What a person needs to know of a program that ships with the system. */
export interface ShippedProgram {
  description: string
  /** What each argument is, by name. */
  args: Record<string, string>
  /** Its source module, a path relative to this lib's root: it imports the mapreduce lib, and files beside it. */
  file: string
  /** What is known of it without asking. */
  program: Pick<Program, 'input' | 'deterministic'> & { combine?: unknown, partition?: unknown }
}

/** The programs that `ipmr run` knows by name. */
export const programs: Record<string, ShippedProgram> = {
  'word-count': {
    description: 'How often each word occurs; words are runs of Unicode letters, case kept',
    args: {},
    file: 'src/word-count.ts',
    program: wordCount
  },
  'inverted-index': {
    description: 'Which files each word occurs in: word, number of files, their names',
    args: {},
    file: 'src/inverted-index.ts',
    program: invertedIndex
  },
  grep: {
    description: 'The lines that match a regular expression, each with its file and byte offset',
    args: {
      pattern: 'JavaScript regular expression, required',
      flags: 'its flags, such as i or u; optional'
    },
    file: 'src/grep.ts',
    program: grep
  },
  sort: {
    description: 'The lines in total order over all parts, by their bytes',
    args: {},
    file: 'src/sort.ts',
    program: sort
  },
  'sort-records': {
    description: 'Records of 100 bytes in total order over all parts, by their first 10 bytes',
    args: {},
    file: 'src/sort-records.ts',
    program: sortRecords
  }
}
