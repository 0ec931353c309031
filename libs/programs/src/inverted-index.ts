import { defineProgram } from '@ipfs-mapreduce/mapreduce'

/**
 * Which files each word occurs in: `word n file1,file2,…`, every file once, sorted by the bytes of its name. Words are
 * runs of Unicode letters, case kept.
 */
export default defineProgram<'lines', string, string>({
  input: 'lines',
  map ({ value, file }, emit) {
    for (const word of value.match(/\p{L}+/gu) ?? []) {
      emit(word, file)
    }
  },
  combine: (word, lists, emit) => emit(word, [...filesIn(lists)].join(SEPARATOR)),
  reduce (word, lists, emit) {
    const files = [...filesIn(lists)].sort()
    const text = files.join(',')
    emit(word, `${files.length} ${SURROGATE.test(text) ? files.sort(byCodePoints).join(',') : text}`)
  }
})

/** Between the names of files that were combined into one value: no name has it. */
const SEPARATOR = '\0'
const SURROGATE = /[\ud800-\udfff]/

function filesIn (lists: Iterable<string>): Set<string> {
  const files = new Set<string>()
  for (const list of lists) {
    if (list.includes(SEPARATOR)) for (const file of list.split(SEPARATOR)) files.add(file)
    else files.add(list)
  }
  return files
}

/** The order of UTF-8 bytes, which is that of code points; JavaScript's own is that of UTF-16 code units. */
function byCodePoints (a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
    if (difference !== 0) {
      return difference
    }
  }
  return a.length - b.length
}

/** Puts surrogates, which stand for code points past U+FFFF, after all other code units. */
function rank (code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code
}
