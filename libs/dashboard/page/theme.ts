import { useEffect, useState } from 'preact/hooks'

/** Colours for what is drawn on a canvas, read from the style sheet: one place for light and dark. */
export function color (name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** Changes when the system turns light or dark: what is drawn is drawn again. */
export function useScheme (): 'light' | 'dark' {
  const [scheme, setScheme] = useState<'light' | 'dark'>(() => dark().matches ? 'dark' : 'light')
  useEffect(() => {
    const query = dark()
    const changed = (): void => { setScheme(query.matches ? 'dark' : 'light') }
    query.addEventListener('change', changed)
    return () => { query.removeEventListener('change', changed) }
  }, [])
  return scheme
}

function dark (): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)')
}
