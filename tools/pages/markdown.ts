/** A fenced block of a page. */
export interface Block {
  /** Of its first line, from 1. */
  line: number
  language: string
  text: string
  /** The heading that it is under. */
  section: string
  /** The paragraph before it. */
  before: string
}

/** The fenced blocks of a page, in their order. @throws Error where one is not closed */
export function blocksOf (page: string): Block[] {
  const blocks: Block[] = []
  let section = ''
  let before = ''
  let open: Block | undefined
  for (const [index, line] of page.split('\n').entries()) {
    const fence = /^```(\S*)$/.exec(line)
    if (open !== undefined) {
      if (fence === null) {
        open.text += `${line}\n`
        continue
      }
      blocks.push(open)
      open = undefined
      before = ''
    } else if (fence !== null) {
      open = { line: index + 2, language: fence[1] ?? '', text: '', section, before: before.trim() }
    } else if (/^#+ /.test(line)) {
      section = line
      before = ''
    } else if (line !== '') {
      before = before.endsWith('\n\n') ? line : `${before}\n${line}`
    } else {
      before = `${before.trim()}\n\n`
    }
  }
  if (open !== undefined) throw new Error(`the block at line ${open.line} is not closed`)
  return blocks
}

const withoutBlocks = (page: string): string => page.replace(/^```[\s\S]*?^```$/gm, '')

/** What is in backquotes outside of blocks. */
export function inlineCodeOf (page: string): string[] {
  return [...withoutBlocks(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}

/** Where the links of a page lead that lead to no other host. */
export function linksOf (page: string): string[] {
  const targets = [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(([, link, source]) => link ?? source ?? '')
  return targets.filter(target => !/^\w+:/.test(target))
}

/** The names by which its headings are linked to. */
export function anchorsOf (page: string): string[] {
  return [...withoutBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}
