/** Columns two spaces apart; numbers, by their column's mark, at the right. */
export function renderTable (head: string[], rows: string[][], right: boolean[] = []): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => (row[column] ?? '').length)))
  const line = (cells: string[]): string => cells
    .map((cell, column) => right[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))
    .join('  ').trimEnd()
  return [line(head), ...rows.map(line)].join('\n')
}
