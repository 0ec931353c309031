/** Where a tab keeps the token; it ends with the tab. */
const KEY = 'ipmr-token'

/** Takes the token from the printed link (`#token=…`), and out of the address, so that it is in no history and no screenshot. */
export function takeToken (): void {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
  if (token === undefined) return
  sessionStorage.setItem(KEY, token)
  history.replaceState(null, '', `${location.pathname}#/`)
}

export function tokenOf (): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined
}

export function keepToken (token: string): void {
  sessionStorage.setItem(KEY, token.trim())
}

/** The master has another token: it was started anew. */
export function dropToken (): void {
  sessionStorage.removeItem(KEY)
}
