import preset from '../../../jest.preset.js'

/**
 * On real processes, two files at a time, since they wait more than they work; with three, what is timed was late. Each test gets two minutes,
 * and a second attempt, which the totals name: a busy machine's delays are no fault of what is tested, and one that comes often is.
 */
export default { ...preset, setupFilesAfterEnv: ['<rootDir>/e2e/second-attempt.ts'], rootDir: '..', testMatch: ['<rootDir>/e2e/**/*.spec.ts'], testTimeout: 120_000, maxWorkers: 2 }
