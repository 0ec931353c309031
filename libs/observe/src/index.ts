/** What a service tells of itself over HTTP. */
export type { EventStream } from './event-stream.ts'
export { isLoopback } from './host-names.ts'
export { createHttpServer, MAX_CONNECTIONS } from './http-server.ts'
export type { HttpAnswer, HttpRequest, HttpRoute, HttpServer, HttpServerInit } from './http-server.ts'
export { createToken } from './token.ts'
