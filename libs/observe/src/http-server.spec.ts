import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createHttpServer, type HttpServer } from './http-server.ts'
import { hostName, isExpectedHost } from './host-names.ts'
import { serveHealth } from './health.ts'

interface Told { status: number, headers: Record<string, string | string[] | undefined>, body: string }

describe('the HTTP server of a service', () => {
  const warned: string[] = []
  const changed: string[] = []
  let server: HttpServer
  beforeEach(async () => {
    warned.length = changed.length = 0
    server = await createHttpServer({ host: '127.0.0.1', port: 0, token: 'secret', log: { warn: (_, message) => { warned.push(message) } } })
    server.add({ method: 'GET', path: '/healthz', handle: () => ({ body: 'ok\n' }) })
    server.add({ method: 'GET', path: '/*', handle: ({ rest }) => ({ type: 'text/html', body: `page ${rest}` }) })
    server.add({ method: 'POST', path: '/jobs/*', handle: ({ rest }) => { changed.push(rest); return { body: 'done' } } })
    server.add({ method: 'GET', path: '/broken', handle: () => { throw new Error('the key is k3y') } })
    server.add({ method: 'GET', path: '/events', handle: () => ({ events: stream => { stream.send({ text: 'two\nlines' }); stream.end() } }) })
  })
  afterEach(async () => { await server.close() })

  async function ask (path: string, { method = 'GET', headers = {}, at = server }: { method?: string, headers?: Record<string, string>, at?: HttpServer } = {}): Promise<Told> {
    const { port } = new URL(at.url)
    return await new Promise((resolve, reject) => {
      request({ hostname: '127.0.0.1', port, path, method, headers }, response => {
        let body = ''
        response.setEncoding('utf8').on('data', (chunk: string) => { body += chunk }).on('end', () => { resolve({ status: response.statusCode!, headers: response.headers, body }) }).on('error', reject)
      }).on('error', reject).end()
    })
  }

  it('answers the longest path that fits, and says where it listens', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await ask('/healthz?x=1')).toMatchObject({ status: 200, body: 'ok\n', headers: { 'content-type': 'text/plain; charset=utf-8' } })
    expect(await ask('/')).toMatchObject({ status: 200, body: 'page ' })
    expect(await ask('/app.js')).toMatchObject({ body: 'page app.js' })
    expect(await ask('/healthz', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  })

  it('sends strict headers with every answer, refusals too', async () => {
    for (const told of [await ask('/'), await ask('/broken'), await ask('/', { headers: { host: 'evil.example' } })]) {
      expect(told.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY', 'cross-origin-resource-policy': 'same-origin' })
      expect(told.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
      expect(told.headers['content-security-policy']).not.toContain('unsafe')
    }
  })

  it('answers to the names of this machine alone: a rebound name is refused', async () => {
    const { port } = new URL(server.url)
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'ipmr.localhost']) expect((await ask('/', { headers: { host } })).status).toBe(200)
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', '192.168.1.5', 'localhost.evil.example']) expect({ host, status: (await ask('/', { headers: { host } })).status }).toEqual({ host, status: 403 })
  })

  it('changes something only for who shows the token', async () => {
    for (const authorization of [undefined, 'Bearer', 'Bearer wrong', 'Bearer secrets', 'Basic secret', 'secret']) {
      expect(await ask('/jobs/7', { method: 'POST', headers: authorization === undefined ? {} : { authorization } })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    }
    expect((await ask('/jobs/7?token=secret', { method: 'POST' })).status).toBe(401)
    expect(changed).toEqual([])
    expect(await ask('/jobs/7', { method: 'POST', headers: { authorization: 'Bearer secret' } })).toMatchObject({ status: 200, body: 'done' })
    expect(changed).toEqual(['7'])
  })

  it('takes no other methods', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) expect(await ask('/healthz', { method })).toMatchObject({ status: 405, headers: { allow: 'GET' } })
    expect(await ask('/jobs/7')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    expect(await ask('/healthz', { method: 'POST', headers: { authorization: 'Bearer secret' } })).toMatchObject({ status: 405 })
  })

  it("is not there for pages of other origins, but for a link's click", async () => {
    expect((await ask('/events', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' } })).status).toBe(403)
    expect((await ask('/events', { headers: { origin: 'http://127.0.0.1:1' } })).status).toBe(403)
    expect((await ask('/', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } })).status).toBe(200)
    expect((await ask('/events', { headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', origin: server.url } })).status).toBe(200)
  })

  it('tells how a service is, and why it cannot do its work', async () => {
    let reason: string | undefined = 'the mapper is starting'
    serveHealth(server, () => reason)
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: 'not ready: the mapper is starting\n' })
    reason = undefined
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: 'ready\n' })
    expect(await ask('/healthz', { method: 'HEAD' })).toMatchObject({ status: 200 })
  })

  it('tells beyond this machine how services are, to any name, and what jobs are about to who shows the token alone', async () => {
    const beyond = await createHttpServer({ host: '0.0.0.0', port: 0, token: 'secret', log: { warn: () => {} } })
    for (const at of [beyond, server]) {
      at.add({ method: 'GET', path: '/metrics', exposure: 'public', handle: () => ({ type: 'text/plain; version=0.0.4; charset=utf-8', body: 'up 1\n' }) })
      at.add({ method: 'GET', path: '/api/events', exposure: 'private', handle: () => ({ body: 'a key of a record' }) })
      at.add({ method: 'GET', path: '/page.js', handle: () => ({ body: 'code' }) })
    }
    try {
      const named = { host: 'metrics.example:9090' }
      const shown = { authorization: 'Bearer secret' }
      expect(await ask('/metrics', { at: beyond, headers: named })).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } })
      expect(await ask('/metrics', { headers: named })).toMatchObject({ status: 403 })
      for (const headers of [named, { ...named, ...shown }]) for (const path of ['/api/events', '/page.js']) expect((await ask(path, { at: beyond, headers })).status).toBe(403)
      expect(await ask('/api/events', { at: beyond })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
      expect(await ask('/api/events', { at: beyond, headers: { authorization: 'Bearer wrong' } })).toMatchObject({ status: 401 })
      expect(await ask('/api/events?token=secret', { at: beyond })).toMatchObject({ status: 401 })
      expect(await ask('/api/events', { at: beyond, headers: shown })).toMatchObject({ status: 200, body: 'a key of a record' })
      expect(await ask('/page.js', { at: beyond })).toMatchObject({ status: 200 })
      expect(await ask('/api/events')).toMatchObject({ status: 200 })
      // What another origin's page may not ask is not open to it by being public.
      expect((await ask('/metrics', { at: beyond, headers: { origin: 'http://evil.example' } })).status).toBe(403)
    } finally {
      await beyond.close()
    }
  })

  it('tells nobody why it failed but the log', async () => {
    const { status, body } = await ask('/broken')
    expect({ status, leaks: body.includes('k3y') }).toEqual({ status: 500, leaks: false })
    expect(warned).toEqual(['a request over HTTP could not be answered'])
    for (const path of ['//evil.example/', '/../../etc/passwd', '/%2e%2e/etc/passwd']) expect((await ask(path)).body).toMatch(/^page /)
    expect((await ask('*', { method: 'OPTIONS' })).status).toBe(400)
  })

  it('streams events as JSON, a line each', async () => {
    expect(await ask('/events')).toMatchObject({ status: 200, body: 'retry: 1000\n\ndata: {"text":"two\\nlines"}\n\n', headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
  })

  it('ends streams when it closes, and says when its port is taken', async () => {
    let closed = false
    server.add({ method: 'GET', path: '/endless', handle: () => ({ events: stream => { stream.onClose(() => { closed = true }); stream.send(1) } }) })
    const broken = ask('/endless').catch((error: unknown) => error)
    const second = createHttpServer({ host: '127.0.0.1', port: Number(new URL(server.url).port), token: 's', log: { warn: () => {} } })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await ask('/healthz')
    await server.close()
    await broken
    expect(closed).toBe(true)
    server = await createHttpServer({ host: '127.0.0.1', port: 0, token: 's', log: { warn: () => {} } })
  })
})

describe('expected hosts', () => {
  it('beyond loopback are the name that was given, and addresses, which nobody can rebind', () => {
    expect(hostName('[FE80::1]:80')).toBe('fe80::1')
    for (const host of ['192.168.1.5:4580', 'box.lan', 'BOX.lan:4580', '[fd00::5]:1', 'localhost']) expect(isExpectedHost(host, 'box.lan')).toBe(true)
    for (const host of ['evil.example', undefined, '', 'box.lan.evil.example']) expect(isExpectedHost(host, 'box.lan')).toBe(false)
    expect(isExpectedHost('10.0.0.1', '0.0.0.0')).toBe(true)
  })
})
