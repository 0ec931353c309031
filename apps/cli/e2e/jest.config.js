import preset from '../../../jest.preset.js'

/** On real processes: each test gets two minutes, and tests run one after the other. */
export default { ...preset, rootDir: '..', testMatch: ['<rootDir>/e2e/**/*.spec.ts'], testTimeout: 120_000 }
