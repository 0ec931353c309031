import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Fault, FaultKind } from './fault.ts'
import { VOCABULARY, type KindSpec } from './vocabulary.ts'

/** A piece of the text without the blanks around it, and the place of its first character, counted from 0. */
interface Piece {
  text: string
  at: number
}

/**
 * Reads `KIND:TARGET,key=value…` faults with `+` or `;` between them; blanks around these, `:`, `,` and `=` are free, and so is
 * a fault that is blank. Throws `BAD_INPUT` that names the wrong word, its place and what may stand there.
 */
export function parseFaults (spec: string): Fault[] {
  return pieces({ text: spec, at: 0 }, /[+;]/).filter(({ text }) => text !== '').map(parseFault)
}

function parseFault (piece: Piece): Fault {
  const [head, ...options] = pieces(piece, ',')
  const [kindWord, targetWord] = halves(head!, ':', 'KIND:TARGET')
  const kind = oneOf(kindWord, 'kind', Object.keys(VOCABULARY)) as FaultKind
  const spec = VOCABULARY[kind]
  const fault: Fault = { kind, target: oneOf(targetWord, `target of ${kind}`, spec.targets), p: 1 }
  const given = new Set<string>()
  for (const option of options) {
    const [word, value] = halves(option, '=', 'key=value')
    const name = oneOf(word, `option of ${kind}`, Object.keys(spec.options))
    if (given.has(name)) throw wrong(word, `${name} is given twice`)
    given.add(name)
    const { field, read, should } = spec.options[name]!
    const number = read(value.text)
    if (Number.isNaN(number)) throw wrong(value, `${name}=${value.text} should be ${should}`)
    fault[field] = number
  }
  checkTogether(piece, fault, spec, given)
  return fault
}

function checkTogether (piece: Piece, { kind, minMs, maxMs }: Fault, { needs }: KindSpec, given: ReadonlySet<string>): void {
  if (needs !== undefined && !needs.some(name => given.has(name))) throw wrong(piece, `${kind} needs ${needs.map(name => `${name}=`).join(' or ')}`)
  if (given.has('ms') && (given.has('minMs') || given.has('maxMs'))) throw wrong(piece, 'ms stands alone, without minMs and maxMs')
  if (given.has('minMs') && !given.has('maxMs')) throw wrong(piece, 'minMs needs maxMs=')
  if (minMs !== undefined && maxMs !== undefined && minMs > maxMs) throw wrong(piece, `minMs=${minMs} is more than maxMs=${maxMs}`)
}

function oneOf (word: Piece, what: string, allowed: readonly string[]): string {
  if (allowed.includes(word.text)) return word.text
  throw wrong(word, word.text === '' ? `a ${what} is missing: use one of ${allowed.join(', ')}` : `there is no ${what} '${word.text}': use one of ${allowed.join(', ')}`)
}

function halves (piece: Piece, separator: string, form: string): [Piece, Piece] {
  const at = piece.text.indexOf(separator)
  if (at === -1) throw wrong(piece, `'${piece.text}' should be ${form}`)
  return [trimmed(piece.text.slice(0, at), piece.at), trimmed(piece.text.slice(at + 1), piece.at + at + 1)]
}

/** Cut at separators of one character. */
function pieces ({ text, at }: Piece, separator: string | RegExp): Piece[] {
  let next = at
  return text.split(separator).map(part => {
    const start = next
    next += part.length + 1
    return trimmed(part, start)
  })
}

function trimmed (text: string, at: number): Piece {
  return { text: text.trim(), at: at + text.length - text.trimStart().length }
}

function wrong ({ at }: Piece, reason: string): MapReduceError {
  return new MapReduceError('BAD_INPUT', `faults, character ${at + 1}: ${reason}`)
}
