import preset from '../../../jest.preset.js'

/** On real processes, three files at a time, since each waits for a fifth of its time: each test gets two minutes. */
export default { ...preset, rootDir: '..', testMatch: ['<rootDir>/e2e/**/*.spec.ts'], testTimeout: 120_000, maxWorkers: 3 }
