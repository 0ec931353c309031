import type { BuildOptions } from 'esbuild'

/**
 * How the engine is bundled: one script that evaluates to its `open`, and leaves no name behind. Where code asks for
 * `TextDecoder` and `TextEncoder`, it gets ours, since an isolate has none.
 *
 * @param source - path of `isolate/engine`, beside which `text-codec` lies
 */
export function engineSettings (source: string): BuildOptions & { write?: boolean } {
  return {
    entryPoints: [source],
    inject: [source.replace(/engine(\.\w+)$/, 'text-codec$1')],
    bundle: true,
    format: 'iife',
    globalName: 'engine',
    banner: { js: '(() => {' },
    footer: { js: 'return engine.open\n})()' },
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@ipfs-mapreduce/source'],
    target: 'es2024',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent'
  }
}
