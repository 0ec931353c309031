import { defineProgram } from '@ipfs-mapreduce/mapreduce'
import { requiredText } from './required-text.ts'

/** The lines that match a regular expression: `file offset:line`, in the order of the input within each file. */
export default defineProgram<'lines', string, string>({
  input: 'lines',
  mustContain: ({ args: { pattern, flags } }) => pattern === undefined ? undefined : requiredText(pattern, flags),
  map ({ value, file, offset }, emit, { args }) {
    const expression = compile(args.pattern, args.flags)
    // With the flags g or y a RegExp goes on where it stopped in the line before.
    expression.lastIndex = 0
    if (expression.test(value)) {
      emit(file, `${offset}:${value}`)
    }
  },
  reduce (file, matches, emit) {
    for (const match of matches) {
      emit(file, match)
    }
  }
})

/** The last expression asked for: one per job, but asked for with every line. */
let last: { pattern: string, flags: string, expression: RegExp } | undefined

function compile (pattern: string | undefined, flags = ''): RegExp {
  if (pattern === undefined) {
    throw new Error('grep needs a regular expression: --arg pattern=EXPRESSION')
  }
  if (last?.pattern !== pattern || last.flags !== flags) {
    last = { pattern, flags, expression: new RegExp(pattern, flags) }
  }
  return last.expression
}
