/** How parts of the text are coloured; the identity where colours are not wanted. */
export type Style = (name: StyleName, text: string) => string
export type StyleName = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'

/** A piece of a line: how it looks, if not as the rest, and what it says. */
export type Piece = string | [style: StyleName, text: string]

const CUT = '…'

/** A line of pieces, cut to a number of columns. Colours do not count, and are closed where they are cut. */
export function fitLine (pieces: Piece[], columns: number, style: Style): string {
  const whole = pieces.reduce((sum, piece) => sum + widthOf(piece), 0)
  let left = whole <= columns ? columns : Math.max(0, columns - CUT.length)
  const shown = pieces.map(piece => {
    const [name, text] = typeof piece === 'string' ? [undefined, piece] : piece
    const cut = [...text].slice(0, left).join('')
    left -= widthOf(piece)
    left = Math.max(0, left)
    return cut === '' || name === undefined ? cut : style(name, cut)
  })
  return shown.join('').trimEnd() + (whole <= columns ? '' : CUT)
}

/** Notes two spaces apart, in as many lines as they need. */
export function packLines (notes: Piece[], columns: number, style: Style, indent = '  '): string[] {
  const lines: Piece[][] = []
  let width = Infinity
  for (const note of notes) {
    if (width + 2 + widthOf(note) > columns) {
      lines.push([indent, note])
      width = indent.length + widthOf(note)
    } else {
      lines.at(-1)!.push('  ', note)
      width += 2 + widthOf(note)
    }
  }
  return lines.map(line => fitLine(line, columns, style))
}

function widthOf (piece: Piece): number {
  return [...(typeof piece === 'string' ? piece : piece[1])].length
}
