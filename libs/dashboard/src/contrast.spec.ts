import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'

const css = readFileSync(new URL('../page/styles.css', import.meta.url), 'utf8')
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)')
/** WCAG 2.2, level AA, for text and for what is drawn. */
const TEXT = 4.5
const SHAPE = 3

type Colors = Map<string, number[]>

function colorsOf (text: string, base: Colors = new Map()): Colors {
  const colors = new Map(base)
  const block = text.slice(text.indexOf(':root'), text.indexOf('}', text.indexOf(':root')))
  for (const [, name, hex] of block.matchAll(/--([\w-]+): #([\da-f]{6})([\da-f]{2})?;/gi)) colors.set(name!, [0, 2, 4].map(at => parseInt(hex!.slice(at, at + 2), 16) / 255))
  return colors
}

function luminance (color: number[]): number {
  const [r, g, b] = color.map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function ratio (colors: Colors, one: string, other: string): number {
  const [a, b] = [one, other].map(name => luminance(colors.get(name)!)).sort((x, y) => y - x)
  return (a! + 0.05) / (b! + 0.05)
}

describe.each([['light', colorsOf(light)], ['dark', colorsOf(dark, colorsOf(light))]])('the %s colours', (_, colors) => {
  it.each(['ink', 'ink-2', 'ink-3', 'map', 'reduce', 'ok', 'caution', 'bad-ink'])('%s can be read on whatever is behind it', name => {
    for (const behind of ['ground', 'surface', 'raised']) expect({ behind, ratio: ratio(colors, name, behind) >= TEXT ? 'fine' : ratio(colors, name, behind) }).toEqual({ behind, ratio: 'fine' })
  })

  it.each(['tl-map', 'tl-reduce', 'tl-failed', 'bad', 'map'])('what is written on %s can be read', name => {
    expect(ratio(colors, 'on-color', name)).toBeGreaterThanOrEqual(TEXT)
  })

  it.each(['cell-running-map', 'cell-running-reduce', 'cell-failed', 'tl-map', 'tl-reduce', 'tl-failed', 'focus'])('%s can be told from the card', name => {
    expect(ratio(colors, name, 'surface')).toBeGreaterThanOrEqual(SHAPE)
  })
})
