/** A file that a README shows, or a piece of code that it runs. */
export interface Example {
  /** What it is written to. */
  file: string
  code: string
  /** The line of the README at which it begins, from 1. */
  line: number
  /** Whether it is run, and not just imported by the next one. */
  runs: boolean
  /** What it prints, where the README says so. */
  prints?: string
}

const FENCE = /^```(\w*)\s*$/
const FILE_NAME = /^\/\/ ([\w-]+\.[mc]?[jt]s)$/

interface Block { language: string, lines: string[], line: number }

/**
 * The code of a README. Blocks of `ts` and `js` are run in their order, each by itself; one that begins with a file's name in a
 * comment is a module for those after it. A block of `text` after one that runs is what that prints.
 *
 * @param name - begins the names of files
 */
export function examplesOf (name: string, readme: string): Example[] {
  const examples: Example[] = []
  for (const { language, lines, line } of blocksOf(readme)) {
    const last = examples.at(-1)
    if (language === 'text' && last?.runs === true && last.prints === undefined) {
      last.prints = lines.join('\n')
    } else if (language === 'ts' || language === 'js') {
      const shown = FILE_NAME.exec(lines[0] ?? '')?.[1]
      examples.push({ file: shown ?? `${name}-${line}.${language}`, code: `${lines.join('\n')}\n`, line, runs: shown === undefined })
    }
  }
  return examples
}

function blocksOf (readme: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const [index, text] of readme.split('\n').entries()) {
    const fence = FENCE.exec(text)
    if (fence === null) open?.lines.push(text)
    else if (open === undefined) open = { language: fence[1]!, lines: [], line: index + 2 }
    else {
      blocks.push(open)
      open = undefined
    }
  }
  return blocks
}
