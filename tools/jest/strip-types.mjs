import { stripTypeScriptTypes } from 'node:module'

// `transform` rather than `strip`: protons generates enums and namespaces.
export default {
  process: (source, path) => ({ code: stripTypeScriptTypes(source, { mode: 'transform', sourceMap: true, sourceUrl: path }) })
}
