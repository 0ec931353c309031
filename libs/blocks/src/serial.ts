/** Runs operations one after another, in the order of asking. One that fails tells its own caller alone. */
export function serial (): <T> (operation: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return async operation => {
    const result = last.then(operation)
    last = result.catch(() => {})
    return await result
  }
}
