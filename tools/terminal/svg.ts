import type { Run } from './screen.ts'

/** A screen, and how long it was there. */
export interface Frame {
  rows: Run[][]
  ms: number
}

export interface Size { columns: number, rows: number }

const FONT_PX = 14
const CELL_WIDTH = 8.43
const CELL_HEIGHT = 18
const PADDING = 14
/** One Half Dark's: told apart by most colour-blind people, on a background that suits light and dark pages. */
const PALETTE = ['#5c6370', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#dcdfe4']
const FOREGROUND = '#dcdfe4'
const BACKGROUND = '#1e2127'

/** A film of screens as one SVG that plays by itself, over and over; who asked for less motion sees the last screen. */
export function renderSvg (frames: Frame[], { columns, rows }: Size, title: string): string {
  const width = Math.ceil(columns * CELL_WIDTH + 2 * PADDING)
  const height = rows * CELL_HEIGHT + 2 * PADDING
  const totalMs = frames.reduce((sum, { ms }) => sum + ms, 0)
  let atMs = 0
  const stops = frames.map(({ ms }, index) => {
    const percent = (100 * atMs / totalMs).toFixed(3)
    atMs += ms
    return `${percent}%{transform:translateX(${-index * width}px)}`
  })
  const last = -(frames.length - 1) * width
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>
text{font:${FONT_PX}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:${FOREGROUND};white-space:pre}
.b{font-weight:700}.d{opacity:.6}
${PALETTE.map((colour, index) => `.c${index}{fill:${colour}}`).join('')}
.film{animation:film ${totalMs}ms step-end infinite}
@keyframes film{${stops.join('')}}
@media (prefers-reduced-motion:reduce){.film{animation:none;transform:translateX(${last}px)}}
</style>
<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>
<g class="film">
${frames.map((frame, index) => frameText(frame, index * width)).join('\n')}
</g>
</svg>
`
}

function frameText ({ rows }: Frame, left: number): string {
  const lines = rows.map((runs, row) => {
    let column = 0
    const spans = runs.map(run => {
      const span = runText(run, left + PADDING + column * CELL_WIDTH)
      column += [...run.text].length
      return span
    }).join('')
    return spans === '' ? '' : `<text y="${PADDING + (row + 0.8) * CELL_HEIGHT}">${spans}</text>`
  })
  return `<g>${lines.join('')}</g>`
}

function runText ({ text, bold, dim, colour }: Run, x: number): string {
  if (text.trim() === '') return ''
  const classes = [...bold ? ['b'] : [], ...dim ? ['d'] : [], ...colour === undefined ? [] : [`c${colour}`]].join(' ')
  const width = ([...text].length * CELL_WIDTH).toFixed(1)
  return `<tspan x="${x.toFixed(1)}" textLength="${width}"${classes === '' ? '' : ` class="${classes}"`}>${escaped(text)}</tspan>`
}

function escaped (text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
}
