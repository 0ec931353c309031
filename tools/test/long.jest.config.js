import config from './jest.config.js'

/** What takes minutes, and is no part of `npm test`: `npm run test:long`. */
export default { ...config, maxWorkers: 1, testMatch: ['**/*.long.ts'] }
