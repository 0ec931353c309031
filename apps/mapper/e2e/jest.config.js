import preset from '../../../jest.preset.js'

/** On real processes, one test after the other. */
export default { ...preset, rootDir: '..', testMatch: ['<rootDir>/e2e/**/*.spec.ts'], testTimeout: 60_000 }
