// Bundles the applications with esbuild: `node tools/build/bundle.mjs apps/mapper`, or `--all`.
// A service starts in 0.3 s from its bundle and in about 2 s from its sources.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ISOLATE_SCRIPTS, scriptSettings } from '../../libs/sandbox/src/script-settings.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const APPS = ['apps/master', 'apps/mapper', 'apps/reducer', 'apps/cli']
/** Applications that run programs: the process a program runs in is bundled beside them, and the engine that runs in its isolate. */
const RUNS_PROGRAMS = ['apps/mapper', 'apps/reducer', 'apps/cli']
/** Applications that may be looked at, and what they load for it: modules beside their bundles, loaded when they are asked for. */
const SHOWS_ITSELF = ['apps/master', 'apps/mapper', 'apps/reducer']
const LAZY = {
  '@ipfs-mapreduce/observe': 'libs/observe/src/index.ts',
  '@ipfs-mapreduce/observe/metrics': 'libs/observe/src/metrics/index.ts',
  '@ipfs-mapreduce/observe/spans': 'libs/observe/src/spans/index.ts'
}
/** The process in which programs run, and the scripts that run in its isolate. */
const EXECUTOR = 'libs/sandbox/src/executor-main.ts'
const scriptSource = (root, name) => join(root, `libs/sandbox/src/isolate/${name}.ts`)
/** What shows the page of `PAGE`, which is built into a folder beside its bundle, with the drawings of the machines. */
const SHOWS_PAGE = 'apps/master'
const PAGE = 'libs/dashboard'
const DRAWINGS = 'libs/state-machines/diagrams'
/** Where an application's bundle lies, and the file written last into it: the fingerprint of what it was made from. */
const BUNDLE = 'dist/bundle'
const STAMP = 'sources.sha256'
const MODULE = /\.(tsx?|mts|js|mjs|json|proto)$/
const PAGE_PART = /\.(tsx?|mjs|css|html|svg)$/
const SPEC = /\.spec\.\w+$/

/** The name of a lazy module beside a bundle: `observe-metrics`, say. */
function lazyName (specifier) {
  return specifier.replace('@ipfs-mapreduce/', '').replaceAll('/', '-')
}

/** Leaves `import()` of a lazy module to the time it is reached: within the bundle it would be parsed at each start. */
const lazy = {
  name: 'lazy',
  setup ({ onResolve }) {
    onResolve({ filter: /^@ipfs-mapreduce\// }, ({ path, kind }) => kind === 'dynamic-import' && path in LAZY ? { path: `./${lazyName(path)}.mjs`, external: true } : undefined)
  }
}

/** esbuild's settings for every bundle; see "Starting fast" in CONTRIBUTING.md. */
const settings = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  conditions: ['@ipfs-mapreduce/source'],
  // CommonJS dependencies call require() for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  outExtension: { '.js': '.mjs' },
  // Native code and what loads it stays in node_modules, and what only those load who ask for IPFS nodes: it is 1.6 MB, which
  // everybody's start would read.
  external: ['*.node', 'classic-level', 'node-datachannel', 'esbuild', 'isolated-vm', 'kubo-rpc-client', '@libp2p/kad-dht', '@helia/delegated-routing-v1-http-api-client'],
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'silent',
  plugins: [lazy]
}

/** The source files that bundles are made from, sorted. */
function sources (root) {
  const found = []
  for (const group of ['apps', 'libs']) {
    for (const project of readdirSync(join(root, group))) {
      try {
        for (const entry of readdirSync(join(root, group, project, 'src'), { withFileTypes: true, recursive: true })) {
          if (entry.isFile() && MODULE.test(entry.name) && !SPEC.test(entry.name)) found.push(join(entry.parentPath, entry.name))
        }
      } catch (error) {
        if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
      }
    }
  }
  for (const folder of [join(root, PAGE, 'page'), join(root, DRAWINGS)]) {
    for (const name of listed(folder)) if (PAGE_PART.test(name)) found.push(join(folder, name))
  }
  if (existsSync(join(root, PAGE, 'vite.config.mjs'))) found.push(join(root, PAGE, 'vite.config.mjs'))
  return [...found, join(root, 'package-lock.json'), fileURLToPath(import.meta.url)].sort()
}

/**
 * A hash of the contents of everything that bundles are made from. Contents rather than times: a fresh clone, a
 * changed branch and a folder restored from a cache are all judged right. Takes about 10 ms.
 */
export function fingerprint (root = ROOT) {
  const hash = createHash('sha256')
  for (const path of sources(root)) hash.update(`${relative(root, path)}\0`).update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

function stampOf (root, app) {
  try {
    return readFileSync(join(root, app, BUNDLE, STAMP), 'utf8')
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return undefined
  }
}

/** Names in a folder; none where there is no such folder. */
function listed (folder) {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** The dashboard's page, in about half a second. */
async function buildPage (root) {
  const configFile = join(root, PAGE, 'vite.config.mjs')
  if (!existsSync(configFile)) return
  const { build } = await import('vite')
  const { output } = await build({ configFile, build: { write: false } })
  const folder = join(root, SHOWS_PAGE, BUNDLE, 'dashboard')
  for (const part of output) place(join(folder, part.fileName), part.type === 'chunk' ? part.code : part.source)
  for (const name of listed(join(root, DRAWINGS))) if (name.endsWith('.svg')) place(join(folder, name), readFileSync(join(root, DRAWINGS, name)))
}

/** One run of esbuild for all: what the applications share is parsed once. */
async function bundle (root, apps, stamp) {
  const { build } = await import('esbuild')
  const entryPoints = {}
  for (const app of apps) {
    entryPoints[`${app}/${BUNDLE}/main`] = `${app}/src/main.ts`
    if (RUNS_PROGRAMS.includes(app)) entryPoints[`${app}/${BUNDLE}/executor`] = EXECUTOR
    for (const [specifier, source] of Object.entries(LAZY)) {
      if (SHOWS_ITSELF.includes(app) && existsSync(join(root, source))) entryPoints[`${app}/${BUNDLE}/${lazyName(specifier)}`] = source
    }
  }
  const [{ outputFiles }, scripts] = await Promise.all([
    build({ ...settings, absWorkingDir: root, entryPoints, outdir: root, write: false }),
    Promise.all(ISOLATE_SCRIPTS.map(name => build({ ...scriptSettings(scriptSource(root, name)), absWorkingDir: root, write: false }))),
    ...apps.includes(SHOWS_PAGE) ? [buildPage(root)] : []
  ])
  for (const { path, contents } of outputFiles) place(path, contents)
  for (const app of apps) {
    if (RUNS_PROGRAMS.includes(app)) for (const [at, name] of ISOLATE_SCRIPTS.entries()) place(join(root, app, BUNDLE, `${name}.js`), scripts[at].outputFiles[0].contents)
    place(join(root, app, BUNDLE, STAMP), stamp)
  }
}

/** All of them as a file each, in a folder: what the published sandbox ships beside its modules. */
export async function bundleExecutor (folder, root = ROOT) {
  const { build } = await import('esbuild')
  await Promise.all([
    build({ ...settings, absWorkingDir: root, entryPoints: [EXECUTOR], outfile: join(folder, 'executor.mjs'), outExtension: {}, sourcemap: false }),
    ...ISOLATE_SCRIPTS.map(name => build({ ...scriptSettings(scriptSource(root, name)), absWorkingDir: root, outfile: join(folder, `${name}.js`) }))
  ])
}

/** Writes a file beside its place and moves it there: a process that starts meanwhile reads whole files. */
function place (path, contents) {
  const next = `${path}.${process.pid}`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(next, contents)
  renameSync(next, path)
}

/**
 * Builds the bundles that are missing or older than the sources. Safe when several processes do it at once.
 *
 * @param {{ root?: string, apps?: string[], quiet?: boolean }} [options] quiet: say nothing on stderr
 * @returns {Promise<string[]>} the applications that were built
 */
export async function ensureBundles ({ root = ROOT, apps = APPS, quiet = false } = {}) {
  const stamp = fingerprint(root)
  const stale = apps.filter(app => stampOf(root, app) !== stamp)
  if (stale.length > 0) {
    const started = performance.now()
    await bundle(root, stale, stamp)
    if (!quiet) process.stderr.write(`bundled ${stale.join(', ')} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
  }
  return stale
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2)
  if (named[0] === '--executor' && named.length === 2) {
    await bundleExecutor(resolve(named[1]))
    process.exit()
  }
  const apps = named.includes('--all') ? APPS : named.map(path => relative(ROOT, resolve(path)).split(sep).join('/'))
  const unknown = apps.filter(app => !APPS.includes(app))
  if (apps.length === 0 || unknown.length > 0) {
    process.stderr.write(`usage: node tools/build/bundle.mjs --all | --executor FOLDER | ${APPS.join(' | ')}\n`)
    process.exit(2)
  }
  try {
    await ensureBundles({ apps })
  } catch (error) {
    process.stderr.write(`cannot bundle: ${error.message}\n`)
    process.exit(1)
  }
}
