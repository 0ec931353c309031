import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEventStream, type EventStream } from './event-stream.ts'
import { isExpectedHost, isLoopback } from './host-names.ts'
import { showsToken } from './token.ts'

/** Connections at once; each viewer of a page has a few. */
export const MAX_CONNECTIONS = 128
/** How long a request may take to come in, in milliseconds. Answers may take as long as they like: some are streams. */
const REQUEST_TIMEOUT_MS = 10_000

/** Pages run what this server gave them, and reach nobody else; no text becomes markup by accident. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'self'", "manifest-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"
].join('; ')

const HEADERS: Record<string, string> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store'
}

export interface HttpRequest {
  path: string
  /** What stands for the route's `*`, as it was sent; empty where it has none. */
  rest: string
  query: URLSearchParams
  /** The answer that the asker has already, if any: an ETag. */
  has?: string
}

/** A whole answer, or a stream of events that goes on until one side ends it. */
export type HttpAnswer =
  | { status?: number, type?: string, body: string | Uint8Array, headers?: Record<string, string> }
  | { events: (stream: EventStream) => void }

export interface HttpRoute {
  /** POST changes something: it is answered only to who shows the token. GET never changes anything, and answers HEAD too. */
  method: 'GET' | 'POST'
  /** Such as `/healthz`; one that ends in `/*` takes all below it that no other route takes. */
  path: string
  /**
   * Who is answered where the server listens beyond loopback. `public` is for programs that keep an eye on services: states and
   * numbers alone, under whatever name they ask for it. `private` is what jobs are about: it wants the token, for GET too. What is
   * neither tells nothing of jobs, and is answered under this machine's names.
   */
  exposure?: 'public' | 'private'
  /** What it throws is answered with 500, and logged. */
  handle: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>
}

export interface HttpServerInit {
  /** An address or name of this machine; loopback is the safe one. */
  host: string
  /** 0 takes a free one. */
  port: number
  /** What a POST must show; see `createToken`. */
  token: string
  log: { warn: (fields: object, message: string) => void }
}

/** What a service tells of itself over HTTP. */
export interface HttpServer {
  /** Such as `http://127.0.0.1:4580`, with the port that it has got. */
  readonly url: string
  add: (route: HttpRoute) => void
  /** Ends streams too. */
  close: () => Promise<void>
}

/** Listens. Rejects where it cannot: the port is taken, or the address is none of this machine's. */
export async function createHttpServer ({ host, port, token, log }: HttpServerInit): Promise<HttpServer> {
  const routes: HttpRoute[] = []
  const beyond = !isLoopback(host)
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    // A body says nothing here; what is sent all the same is let through unread.
    request.resume()
    answer(request, response).catch((error: unknown) => {
      log.warn({ path: request.url, error: String(error) }, 'a request over HTTP could not be answered')
      if (response.headersSent) response.destroy()
      else send(response, 500, 'text/plain', 'this request could not be answered; the log says why\n')
    })
  })
  server.maxConnections = MAX_CONNECTIONS

  async function answer (request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    const { headers, method = '' } = request
    const url = urlOf(request)
    const found = url === undefined ? [] : routesAt(routes, url.pathname)
    if (!(beyond && found.some(({ exposure }) => exposure === 'public')) && !isExpectedHost(headers.host, host)) return refuse(response, 403, `this server does not answer to the name '${headers.host ?? ''}'`)
    if (isFromElsewhere(request)) return refuse(response, 403, 'pages of other origins are not answered')
    if (url === undefined) return refuse(response, 400, 'this is no path')
    if (found.length === 0) return refuse(response, 404, 'nothing is here')
    const route = found.find(one => (one.method === method || (one.method === 'GET' && method === 'HEAD')))
    if (route === undefined) {
      response.setHeader('allow', found.map(one => one.method).join(', '))
      return refuse(response, 405, `not to be asked with ${method}`)
    }
    if ((route.method === 'POST' || (beyond && route.exposure === 'private')) && !showsToken(headers.authorization, token)) {
      response.setHeader('www-authenticate', 'Bearer')
      return refuse(response, 401, `this ${route.method === 'POST' ? 'changes something' : 'tells what jobs are about'}: show the token that was printed at the start`)
    }
    const rest = route.path.endsWith('*') ? url.pathname.slice(route.path.length - 1) : ''
    const told = await route.handle({ path: url.pathname, rest, query: url.searchParams, ...headers['if-none-match'] !== undefined && { has: headers['if-none-match'] } })
    if ('events' in told) {
      if (method === 'HEAD') return send(response, 200, 'text/event-stream', '')
      told.events(createEventStream(response))
      return
    }
    for (const [name, value] of Object.entries(told.headers ?? {})) response.setHeader(name, value)
    send(response, told.status ?? 200, told.type ?? 'text/plain', method === 'HEAD' ? '' : told.body)
  }

  await listening(server, host, port)
  const { address, family, port: got } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${got}`,
    add: route => { routes.push(route) },
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>(resolve => { server.close(() => { resolve() }) })
    }
  }
}

async function listening (server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Browsers say whence they ask. A link from elsewhere may open the page; what another origin's page fetches is refused. */
function isFromElsewhere ({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return headers['sec-fetch-mode'] !== 'navigate'
  return headers.origin !== undefined && headers.origin !== `http://${headers.host}`
}

function urlOf ({ url = '' }: IncomingMessage): URL | undefined {
  return url.startsWith('/') ? URL.parse(`http://here${url}`) ?? undefined : undefined
}

/** Those of the longest path that fits. */
function routesAt (routes: readonly HttpRoute[], asked: string): HttpRoute[] {
  const fitting = routes.filter(({ path }) => matches(path, asked)).sort((a, b) => b.path.length - a.path.length)
  return fitting.filter(({ path }) => path === fitting[0]!.path)
}

function matches (path: string, asked: string): boolean {
  return path.endsWith('/*') ? asked.startsWith(path.slice(0, -1)) : asked === path
}

function refuse (response: ServerResponse, status: number, why: string): void {
  send(response, status, 'text/plain', `${why}\n`)
}

function send (response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type.startsWith('text/') && !type.includes('charset=') ? `${type}; charset=utf-8` : type }).end(body)
}
