import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createWindow } from '@ipfs-mapreduce/actors'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { createHttpServer, type HttpServer } from '@ipfs-mapreduce/observe'
import { jobStatus } from './fixture/job.ts'
import { MAX_VIEWERS } from './feed/hub.ts'
import { serveDashboard, type Dashboard } from './serve-dashboard.ts'
import type { Push } from './feed/push.ts'

describe("a master's dashboard over HTTP", () => {
  const dir = mkdtempSync(join(tmpdir(), 'ipmr-dashboard-'))
  const jobs = new Map([['j', jobStatus('j')]])
  const cancelled: string[] = []
  let asked = 0
  let http: HttpServer
  let dashboard: Dashboard
  let streams: AbortController

  beforeEach(async () => {
    mkdirSync(join(dir, 'page'), { recursive: true })
    writeFileSync(join(dir, 'page', 'index.html'), '<!doctype html>')
    writeFileSync(join(dir, 'page', 'page.js'), 'export {}')
    writeFileSync(join(dir, 'secret.txt'), 'a key')
    streams = new AbortController()
    cancelled.length = asked = 0
    http = await createHttpServer({ host: '127.0.0.1', port: 0, token: 'right', log: { warn: (_, message) => { throw new Error(message) } } })
    let ids = 0
    dashboard = serveDashboard({
      http, window: createWindow({ now: () => 5 }), assetsDir: join(dir, 'page'), door: () => ({ counts: {}, offenders: [], limit: 1 }), about: { cluster: 'lab', peer: 'p', version: '1' }, now: () => 5, newId: () => `v${++ids}`,
      master: {
        status: () => { asked++; return { type: 'status', jobs: [...jobs.values()], workers: [] } },
        job: id => jobs.get(id),
        cancel: id => {
          if (!jobs.has(id)) return Promise.reject(new MapReduceError('BAD_INPUT', `no job ${id} is known here`))
          cancelled.push(id)
          return Promise.resolve()
        }
      }
    })
  })
  afterEach(async () => {
    streams.abort()
    dashboard.close()
    await http.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Opens a stream; `next` waits for its next push. */
  async function listen (query = ''): Promise<{ status: number, next: () => Promise<Push>, close: () => void }> {
    const own = new AbortController()
    streams.signal.addEventListener('abort', () => { own.abort() })
    const response = await fetch(`${http.url}/api/events${query}`, { signal: own.signal })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const next = async (): Promise<Push> => {
      for (;;) {
        const found = /data: (.*)\n\n/.exec(text)
        if (found !== null) {
          text = text.slice(found.index + found[0].length)
          return JSON.parse(found[1]!) as Push
        }
        const { value, done } = await reader.read()
        if (done) throw new Error('the stream has ended')
        text += value
      }
    }
    return { status: response.status, next, close: () => { own.abort() } }
  }

  it('serves the page and what it loads, and no file beside', async () => {
    const page = await fetch(`${http.url}/`)
    expect({ status: page.status, type: page.headers.get('content-type'), text: await page.text() }).toEqual({ status: 200, type: 'text/html; charset=utf-8', text: '<!doctype html>' })
    expect((await fetch(`${http.url}/page.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await fetch(`${http.url}/`, { headers: { 'if-none-match': page.headers.get('etag')! } })).status).toBe(304)
    for (const path of ['/secret.txt', '/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '//secret.txt', '/page', '/api', '/api/jobs']) expect({ path, status: (await fetch(`${http.url}${path}`)).status }).toEqual({ path, status: 404 })
  })

  it('says where the page is made, where it is not there', () => {
    expect(() => serveDashboard({ http, master: { status: () => ({ type: 'status', jobs: [], workers: [] }), job: () => undefined, cancel: async () => {} }, window: { job: () => undefined }, door: () => ({ counts: {}, offenders: [], limit: 1 }), about: { cluster: '', peer: '', version: '' }, assetsDir: join(dir, 'nowhere'), now: () => 0, newId: () => '' })).toThrow(/npm run bundle/)
  })

  it('pushes what there is, then what changes, to what a viewer looks at; and asks nothing while nobody looks', async () => {
    expect(asked).toBe(0)
    const { next, close } = await listen()
    expect(await next()).toMatchObject({ now: 5, viewer: 'v1', about: { cluster: 'lab' }, jobs: { set: { j: { state: 'running' } } } })
    jobs.set('j', jobStatus('j', { records: 7 }))
    expect(await next()).toEqual({ now: 5, jobs: { set: { j: expect.objectContaining({ records: 7 }) }, gone: [] } })
    expect((await fetch(`${http.url}/api/look?viewer=v1&job=j&task=map.3`)).status).toBe(204)
    expect(await next()).toMatchObject({ job: { id: 'j', first: true, status: { records: 7 } }, task: null })
    expect((await fetch(`${http.url}/api/look?viewer=nobody&job=j`)).status).toBe(410)
    close()
    for (let left = dashboard.viewers; left > 0; left = dashboard.viewers) await fetch(`${http.url}/`)
    const before = asked
    await fetch(`${http.url}/`)
    expect(asked).toBe(before)
  })

  it('has a bound of viewers', async () => {
    for (let i = 0; i < MAX_VIEWERS; i++) await (await listen()).next()
    expect((await fetch(`${http.url}/api/events`)).status).toBe(503)
    expect(dashboard.viewers).toBe(MAX_VIEWERS)
  })

  it('cancels a job for who shows the token alone', async () => {
    const cancel = async (job: string, authorization?: string): Promise<number> => (await fetch(`${http.url}/api/cancel/${job}`, { method: 'POST', ...authorization !== undefined && { headers: { authorization } } })).status
    expect(await cancel('j')).toBe(401)
    expect(await cancel('j', 'Bearer wrong')).toBe(401)
    expect((await fetch(`${http.url}/api/cancel/j`)).status).toBe(405)
    expect(cancelled).toEqual([])
    expect(await cancel('nobody', 'Bearer right')).toBe(404)
    expect(await cancel('j', 'Bearer right')).toBe(200)
    expect(cancelled).toEqual(['j'])
  })
})
