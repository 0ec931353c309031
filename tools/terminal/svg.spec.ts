import { describe, expect, it } from '@jest/globals'
import { parseScreen } from './screen.ts'
import { renderSvg } from './svg.ts'

describe('a captured screen', () => {
  it('is runs of characters that look alike; how they look goes on in the next row', () => {
    expect(parseScreen('a\x1b[1mb\x1b[0m\x1b[36;2mc\nd\x1b[39m e\n')).toEqual([
      [{ text: 'a', bold: false, dim: false }, { text: 'b', bold: true, dim: false }, { text: 'c', bold: false, dim: true, colour: 6 }],
      [{ text: 'd', bold: false, dim: true, colour: 6 }, { text: ' e', bold: false, dim: true }]
    ])
  })
})

describe('a film', () => {
  const frames = [{ rows: parseScreen('one'), ms: 250 }, { rows: parseScreen('\x1b[32m<two> & "more"'), ms: 750 }]
  const svg = renderSvg(frames, { columns: 40, rows: 2 }, 'npm start')

  it('shows each screen for its time, side by side on one strip', () => {
    expect(svg).toMatch(/animation:film 1000ms step-end infinite/)
    expect(svg).toMatch(/@keyframes film\{0\.000%\{transform:translateX\(0px\)\}25\.000%\{transform:translateX\(-366px\)\}\}/)
    expect(svg).toContain('prefers-reduced-motion:reduce){.film{animation:none;transform:translateX(-366px)}}')
  })

  it('is well-formed whatever the screen says', () => {
    expect(svg).toContain('class="c2">&#60;two&#62; &#38; &#34;more&#34;</tspan>')
  })
})
