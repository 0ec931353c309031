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
  combine (word, files, emit) {
    for (const file of new Set(files)) {
      emit(word, file)
    }
  },
  reduce (word, files, emit) {
    const sorted = [...new Set(files)].sort(byCodePoints)
    emit(word, `${sorted.length} ${sorted.join(',')}`)
  }
})

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
