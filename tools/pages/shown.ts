/** What a page shows in place of what differs from run to run. */
export const ELLIPSIS = '…'

/** Whether a line is as it is shown: `…` stands for any characters, and runs of spaces are alike. */
function isAs (shown: string, line: string): boolean {
  const parts = shown.trimEnd().split(ELLIPSIS).map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/ +/g, ' +'))
  return new RegExp(`^${parts.join('.*')}$`).test(line.trimEnd())
}

/**
 * Where what a command printed is not as a page shows it: undefined if it is. Lines follow each other as shown; a line that is `…`
 * alone stands for any lines. What is printed after the last one shown is not looked at: a service goes on to talk.
 */
export function differs (shown: string[], printed: string[]): string | undefined {
  let at = 0
  let skips = true
  for (const line of shown) {
    if (line.trim() === ELLIPSIS) {
      skips = true
      continue
    }
    const found = skips ? printed.findIndex((candidate, index) => index >= at && isAs(line, candidate)) : at
    if (found < 0 || found >= printed.length || !isAs(line, printed[found] ?? '')) return line
    at = found + 1
    skips = false
  }
  return undefined
}
