/** Lets so many operations run at once; the others wait in line. */
export function gate (max: number): <T> (operation: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: Array<() => void> = []
  return async operation => {
    if (running < max) running++
    else await new Promise<void>(resolve => { waiting.push(resolve) })
    try {
      return await operation()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
