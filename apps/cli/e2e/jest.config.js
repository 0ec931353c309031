import preset from '../../../jest.preset.js'

/** On real processes, two files at a time, since they wait more than they work; with three, what is timed was late. Each test gets two minutes. */
export default { ...preset, rootDir: '..', testMatch: ['<rootDir>/e2e/**/*.spec.ts'], testTimeout: 120_000, maxWorkers: 2 }
