/** Control characters but the tab: a terminal would act on them. */
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g

/** Thousands apart, as in 1,234,567. */
export function formatCount (n: number): string {
  return n.toLocaleString('en-US')
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 03 min`. */
export function formatDuration (ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** `1 mapper`, `2 mappers`. */
export function plural (n: number, noun: string): string {
  return `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`
}

/** Text of a program or a peer on one line of a terminal, which it must not command. */
export function printable (text: string): string {
  return text.replace(/\s*\n\s*/g, '; ').replace(CONTROL, '\ufffd')
}

/** The same of text that has lines, such as a stack. */
export function printableLines (text: string): string[] {
  return text.trimEnd().split('\n').map(line => line.replace(CONTROL, '\ufffd'))
}
