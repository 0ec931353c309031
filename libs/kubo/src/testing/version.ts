/** The Kubo that tests run where there is no other: what `tools/kubo/build.mjs` builds. */
export const KUBO_VERSION = 'v0.40.1'
