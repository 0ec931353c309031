import type { HttpServer } from './http-server.ts'

/**
 * Answers what those ask who keep services running: `/healthz` whether the process answers at all, `/readyz` whether it can do
 * its work; where it cannot, with 503 and the reason.
 *
 * @param waitsFor - why it cannot, in words; undefined where it can
 */
export function serveHealth (http: HttpServer, waitsFor: () => string | undefined): void {
  http.add({ method: 'GET', path: '/healthz', exposure: 'public', handle: () => ({ body: 'ok\n' }) })
  http.add({
    method: 'GET', path: '/readyz', exposure: 'public',
    handle: () => {
      const reason = waitsFor()
      return reason === undefined ? { body: 'ready\n' } : { status: 503, body: `not ready: ${reason}\n` }
    }
  })
}
