import { ours } from './results.ts'
import type { WorkloadResult } from './results.ts'
import { formatSeconds, titleOf } from './titles.ts'

/** Pixels of the drawing; GitHub scales it. */
const WIDTH = 760
const LABEL_WIDTH = 210
const VALUE_WIDTH = 120
const ROW_HEIGHT = 34
const BAR_HEIGHT = 18
const TOP = 44
const BOTTOM = 12

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .value { font-variant-numeric: tabular-nums }
  .bar { fill: #8c959f }
  .ours { fill: #0969da }
  .spread { stroke: #1f2328; stroke-width: 1.5 }
  .axis { stroke: #d1d9e0 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .bar { fill: #656c76 }
    .ours { fill: #4493f8 }
    .spread { stroke: #f0f6fc }
    .axis { stroke: #3d444d }
  }
`

/** Bars of median times, a line from the least to the most on each: an SVG that follows the reader's light or dark. */
export function chart (result: WorkloadResult): string {
  const most = Math.max(...result.contenders.map(({ seconds }) => seconds.most))
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / most
  const height = TOP + ROW_HEIGHT * result.contenders.length + BOTTOM
  const rows = result.contenders.map((contender, n) => {
    const { median, least, most } = contender.seconds
    const at = TOP + n * ROW_HEIGHT
    const middle = at + BAR_HEIGHT / 2
    const x = (seconds: number): string => (LABEL_WIDTH + seconds * scale).toFixed(1)
    return [
      `  <text x="${LABEL_WIDTH - 10}" y="${middle + 4.5}" text-anchor="end">${escape(contender.name)}</text>`,
      `  <rect class="bar${contender === ours(result) ? ' ours' : ''}" x="${LABEL_WIDTH}" y="${at}" width="${(median * scale).toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>`,
      `  <line class="spread" x1="${x(least)}" x2="${x(most)}" y1="${middle}" y2="${middle}"/>`,
      `  <text class="value" x="${Number(x(most)) + 8}" y="${middle + 4.5}">${formatSeconds(median)}</text>`
    ].join('\n')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(labelOf(result))}">
  <style>${STYLE}</style>
  <text class="title" x="10" y="24">${escape(titleOf(result))}: seconds, less is better</text>
  <line class="axis" x1="${LABEL_WIDTH}" x2="${LABEL_WIDTH}" y1="${TOP - 6}" y2="${height - BOTTOM}"/>
${rows.join('\n')}
</svg>
`
}

/** The chart in words, for who cannot see it. */
export function labelOf (result: WorkloadResult): string {
  return `${titleOf(result)}: ${result.contenders.map(({ name, seconds }) => `${name} ${formatSeconds(seconds.median)}`).join(', ')}`
}

function escape (text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
}
