/** Whether `openStore` failed because another process holds the directory's LevelDB. */
export function isTaken (error: unknown): boolean {
  for (let at: unknown = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    if ((at as { code?: unknown }).code === 'LEVEL_LOCKED') return true
  }
  return false
}
