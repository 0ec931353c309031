export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB
const UNITS: Record<string, number> = { '': 1, b: 1, k: KIB, kib: KIB, m: MIB, mib: MIB, g: GIB, gib: GIB }

/** Bytes of `64MiB`, `1GiB`, `512k`; undefined for what is no size above 0. */
export function parseSize (text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const bytes = Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? NaN))
  return number !== '' && bytes > 0 ? bytes : undefined
}

/** `256 MiB`, `581 KB` where it is no whole number of a larger unit. */
export function formatSize (bytes: number): string {
  if (bytes >= GIB && bytes % (GIB / 4) === 0) return `${bytes / GIB} GiB`
  if (bytes >= MIB && bytes % (MIB / 4) === 0) return `${bytes / MIB} MiB`
  return bytes >= KIB && bytes % KIB === 0 ? `${bytes / KIB} KiB` : bytes >= 1000 ? `${Math.round(bytes / 1000)} KB` : `${bytes} B`
}
