/** Whoever reads what this process prints may stop reading, as `head` does: that is no failure. Calls back at each thing that is printed after it. */
export function onReaderGone (gone: () => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    gone()
  })
}
