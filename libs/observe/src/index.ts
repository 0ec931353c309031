/** What a service tells of itself over HTTP. Metrics and spans have doors of their own: they are loaded where they are asked for. */
export type { EventStream } from './event-stream.ts'
export { serveHealth } from './health.ts'
export { isLoopback } from './host-names.ts'
export { createHttpServer, MAX_CONNECTIONS } from './http-server.ts'
export type { HttpAnswer, HttpRequest, HttpRoute, HttpServer, HttpServerInit } from './http-server.ts'
export { together } from './observer.ts'
export type { Observer } from './observer.ts'
export { createToken } from './token.ts'
