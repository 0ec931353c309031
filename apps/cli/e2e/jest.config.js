import preset from '../../../jest.preset.js'

/**
 * On real processes, two files at a time, since they wait more than they work; with three, what is timed was late. Each test gets two minutes,
 * and a second attempt, since what many processes do differs from run to run. That excuses nothing: the totals name each test that needed it, with
 * why, and its cause is to be found.
 */
export default { ...preset, setupFilesAfterEnv: ['<rootDir>/e2e/second-attempt.ts'], rootDir: '..', testMatch: ['<rootDir>/e2e/**/*.spec.ts'], testTimeout: 120_000, maxWorkers: 2 }
