import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 144 bits: nobody guesses it. */
const TOKEN_BYTES = 18

/** What a service prints at its start, for whoever may change something. */
export function createToken (): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** Whether a request shows the token as `Authorization: Bearer TOKEN`. How long that takes tells nothing of it. */
export function showsToken (header: string | undefined, token: string): boolean {
  const shown = /^Bearer (\S+)$/i.exec(header ?? '')?.[1]
  if (shown === undefined) return false
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(shown), digest(token))
}
