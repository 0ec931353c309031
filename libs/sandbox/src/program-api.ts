/** What a program imports: types are stripped before. */
export const PROGRAM_API_NAME = '@ipfs-mapreduce/mapreduce'

/**
 * What a program's imports of PROGRAM_API_NAME become in its bundle. It is text, since where programs are bundled
 * the library's sources need not be on the disk; and it is small, since every executor gets it. Its spec holds it
 * to the library's behaviour. A program is checked where it is loaded, so that `defineProgram` need not.
 */
export const PROGRAM_API_SOURCE = `export function defineProgram (program) {
  return program
}

export function sum (values) {
  const known = values[Symbol.for('ipfs-mapreduce.sum')]?.()
  if (known !== undefined) return known
  let total = 0
  for (const value of values) {
    if (typeof value !== 'number') {
      const shown = value instanceof Uint8Array ? value.length + ' bytes' : JSON.stringify(value)
      throw new TypeError('sum: a value is not a number but ' + shown.slice(0, 60))
    }
    total += value
  }
  return total
}
`
