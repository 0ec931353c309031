const UNITS: Record<string, number> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/** Bytes from `16384`, `16k`, `16KiB`, `1.5 MB`: units are powers of 1024. Undefined where the text is none. */
export function parseBytes (text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:(b)|([kmgt])(?:i?b)?)?$/i.exec(text.trim())
  if (match === null) return undefined
  const bytes = Number(match[1]) * UNITS[(match[2] ?? match[3] ?? '').toLowerCase()]!
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
