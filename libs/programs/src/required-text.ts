/** What stands for one of several characters, or a place: what comes before and after is not one text. */
const CLASS_ESCAPES = 'dDwWsSbBtnrfv'
/** How often what comes before it occurs: at least the first number of times. */
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/
/** Flags with which other texts match, or the expression's own syntax is another. */
const OTHER_SYNTAX = /[iv]/

/**
 * The longest text that is in whatever matches a regular expression, as far as its outermost sequence tells; `undefined` where it
 * tells of none, where the expression is none, or where what it says is not certain.
 */
export function requiredText (pattern: string, flags = ''): string | undefined {
  if (OTHER_SYNTAX.test(flags) || !isExpression(pattern, flags)) return undefined
  let longest = ''
  let text = ''
  const end = (): void => {
    if (text.length > longest.length) longest = text
    text = ''
  }
  for (let at = 0; at < pattern.length;) {
    const item = itemAt(pattern, at)
    if (item === undefined) return undefined
    at += item.length
    const quantifier = QUANTIFIER.exec(pattern.slice(at))
    if (quantifier === null) {
      if (item.character === undefined) end()
      else text += item.character
      continue
    }
    at += quantifier[0].length
    const [sign, times = sign[0] === '+' ? '1' : '0'] = quantifier
    if (item.character !== undefined && Number(times) > 0) text += item.character
    end()
  }
  end()
  return longest === '' ? undefined : longest
}

function isExpression (pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}

/** What a pattern has at a place: one character that stands for itself, or something else. */
interface Item {
  length: number
  character?: string
}

/** `undefined` for what is not understood here, and for `|`, of which either side may match. */
function itemAt (pattern: string, at: number): Item | undefined {
  const character = String.fromCodePoint(pattern.codePointAt(at)!)
  switch (character) {
    case '|': case ')': case '{': case '}': case ']': return undefined
    case '^': case '$': case '.': return { length: 1 }
    case '\\': return escapeOf(pattern[at + 1] ?? '')
    case '[': return { length: classEnd(pattern, at) - at }
    case '(': return { length: groupEnd(pattern, at) - at }
    default: return { length: character.length, character }
  }
}

/** Of letters and digits only those that stand for a class; others mean characters by number, or what was found before. */
function escapeOf (character: string): Item | undefined {
  if (CLASS_ESCAPES.includes(character)) return { length: 2 }
  return /[\p{L}\p{N}_]/u.test(character) ? undefined : { length: 2, character }
}

/** Behind the `]` of a class that begins here; a whole expression has one. */
function classEnd (pattern: string, start: number): number {
  let at = start + 1
  while (pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at + 1
}

/** Behind the `)` of a group that begins here. */
function groupEnd (pattern: string, start: number): number {
  let depth = 0
  for (let at = start; ;) {
    switch (pattern[at]) {
      case '(': depth++; at++; break
      case ')':
        at++
        if (--depth === 0) return at
        break
      case '\\': at += 2; break
      case '[': at = classEnd(pattern, at); break
      default: at++
    }
  }
}
