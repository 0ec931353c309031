import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { HttpAnswer, HttpRequest } from '@ipfs-mapreduce/observe'

const TYPES: Record<string, string> = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.json': 'application/json', '.webmanifest': 'application/manifest+json'
}

/**
 * The page's files, read once: what is asked for by name is looked up, never searched for on the disk.
 *
 * @throws MapReduceError BAD_INPUT where the folder has no page
 */
export function readAssets (dir: string): (request: Pick<HttpRequest, 'rest' | 'has'>) => HttpAnswer {
  const files = new Map<string, { type: string, body: Uint8Array, etag: string }>()
  for (const path of list(dir)) {
    const body = readFileSync(path)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`
    files.set(relative(dir, path).split(sep).join('/'), { type: TYPES[extname(path)] ?? 'application/octet-stream', body, etag })
  }
  if (!files.has('index.html')) throw new MapReduceError('BAD_INPUT', `the dashboard's page is not in ${dir}; 'npm run bundle' makes it`)
  return ({ rest, has }) => {
    const file = files.get(rest === '' ? 'index.html' : rest)
    if (file === undefined) return { status: 404, body: 'nothing is here\n' }
    const headers = { etag: file.etag, 'cache-control': 'no-cache' }
    return has === file.etag ? { status: 304, body: '', headers } : { type: file.type, body: file.body, headers }
  }
}

function list (dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true, recursive: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return []
  }
}
