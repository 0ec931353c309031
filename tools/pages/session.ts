import type { Block } from './markdown.ts'

/** What a person types, and what is seen then. */
export interface Typed {
  machine: string
  /** `^C` is Ctrl-C in the terminal of the machine's service. */
  command: string
  shown: string[]
  line: number
}

const PROMPT = /^(\w*)\$ (.*)$/

/** A `console` block: commands after `MACHINE$ ` (or `$ `), continued after a backslash, and below each what it prints. */
export function sessionOf ({ text, line: first }: Block): Typed[] {
  const session: Typed[] = []
  let last: Typed | undefined
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const typed = PROMPT.exec(line)
    if (typed !== null) session.push(last = { machine: typed[1] ?? '', command: typed[2] ?? '', shown: [], line: first + index })
    else if (last === undefined) throw new Error(`line ${first + index}: what is shown comes after a command`)
    else if (last.shown.length === 0 && last.command.endsWith('\\')) last.command += `\n${line}`
    else last.shown.push(line)
  }
  return session
}

/** A `sh` block: a command on each line; a comment `on X` at its end says where. */
export function commandsOf ({ text, line: first }: Block): Typed[] {
  return text.split('\n').map((line, index) => ({ machine: /# on (\w+)$/.exec(line)?.[1] ?? '', command: line.trim(), shown: [], line: first + index }))
    .filter(({ command }) => command !== '')
}
