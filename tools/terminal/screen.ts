/** How a run of characters looks. */
export interface Look {
  bold: boolean
  dim: boolean
  /** One of the eight colours of a terminal, 0 to 7; its own where there is none. */
  colour?: number
}

export interface Run extends Look {
  text: string
}

const PLAIN: Look = { bold: false, dim: false }
const SGR = /\x1b\[([\d;]*)m/

/** The rows of a screen as `tmux capture-pane -e` prints it: text with SGR sequences, whose effect goes on in the next row. */
export function parseScreen (captured: string): Run[][] {
  let look = PLAIN
  return captured.replace(/\n$/, '').split('\n').map(row => {
    const runs: Run[] = []
    const [first = '', ...rest] = row.split(SGR)
    if (first !== '') runs.push({ ...look, text: first })
    // Of each match the parameters, and then the text up to the next one.
    for (let at = 0; at < rest.length; at += 2) {
      look = applied(look, rest[at] ?? '')
      const text = rest[at + 1] ?? ''
      if (text !== '') runs.push({ ...look, text })
    }
    return runs
  })
}

function applied (look: Look, parameters: string): Look {
  return parameters.split(';').map(Number).reduce((now, code): Look => {
    if (code === 0) return PLAIN
    if (code === 1) return { ...now, bold: true }
    if (code === 2) return { ...now, dim: true }
    if (code === 22) return { ...now, bold: false, dim: false }
    if (code === 39) return { bold: now.bold, dim: now.dim }
    return code >= 30 && code <= 37 ? { ...now, colour: code - 30 } : now
  }, look)
}
