import type { BuildOptions } from 'esbuild'

/** The scripts that run in an isolate, by the name of their source in `isolate/`: the engine, and what makes the world of a program. */
export const ISOLATE_SCRIPTS = ['engine', 'realm'] as const
export type IsolateScript = typeof ISOLATE_SCRIPTS[number]

/**
 * How a script for an isolate is bundled: it evaluates to its `open`, and leaves no name behind. Where the engine asks for
 * `TextDecoder` and `TextEncoder`, it gets ours, since an isolate has none.
 *
 * @param source - path of `isolate/engine`, beside which `text-codec` lies, or of `isolate/realm`
 */
export function scriptSettings (source: string): BuildOptions & { write?: boolean } {
  return {
    entryPoints: [source],
    inject: /engine\.\w+$/.test(source) ? [source.replace(/\w+(\.\w+)$/, 'text-codec$1')] : [],
    bundle: true,
    format: 'iife',
    globalName: 'script',
    banner: { js: '(() => {' },
    footer: { js: 'return script.open\n})()' },
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@ipfs-mapreduce/source'],
    target: 'es2024',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent'
  }
}
