// Reads what jest wrote about each suite, and says whether all of it ran.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** A suite: a folder with a jest configuration, and where its results are expected. */
export function suites (root) {
  const projects = ['apps', 'libs'].flatMap(group => readdirSync(join(root, group)).map(name => join(group, name)))
  return [...projects, 'tools/test'].flatMap(project => [
    { name: project, config: join(project, 'jest.config.js'), results: join(project, 'test-results/test.json') },
    { name: `${project} e2e`, config: join(project, 'e2e/jest.config.js'), results: join(project, 'test-results/e2e.json') }
  ]).filter(({ config }) => existsSync(join(root, config))).sort((a, b) => a.name < b.name ? -1 : 1)
}

/**
 * Adds up the results of all suites.
 *
 * @param {string} root
 * @returns {{ passed: number, failed: number, skipped: string[], failures: string[], flaky: string[], faults: string[] }} skipped: the
 * names of the tests, which end in the reason; failures: names of tests, or of files that could not be loaded, each with
 * the first lines of why; flaky: the same of tests that have passed at their second attempt; faults: suites without results, or in which no test ran
 */
export function totals (root) {
  const sum = { passed: 0, failed: 0, skipped: [], failures: [], flaky: [], faults: [] }
  for (const { name, results } of suites(root)) {
    const path = join(root, results)
    if (!existsSync(path)) {
      sum.faults.push(`${name}: has a jest configuration and no results in ${results}`)
      continue
    }
    const suite = JSON.parse(readFileSync(path, 'utf8'))
    // A file that cannot be loaded has no tests to count: it is one failure.
    const failed = suite.numFailedTests + suite.numRuntimeErrorTestSuites
    if (suite.numPassedTests + failed === 0) sum.faults.push(`${name}: ran no test`)
    sum.passed += suite.numPassedTests
    sum.failed += failed
    const tests = suite.testResults.flatMap(file => file.assertionResults)
    sum.flaky.push(...tests.filter(({ status, invocations }) => status === 'passed' && invocations > 1).map(test => `${name}: ${test.fullName}\n${firstLines((test.retryReasons ?? []).join('\n'))}`))
    sum.failures.push(...suite.testResults.flatMap(file => failuresOf(file)).map(failure => `${name}: ${failure}`))
    sum.skipped.push(...tests.filter(({ status }) => status === 'pending' || status === 'todo').map(test => `${name}: ${test.fullName}`))
  }
  return sum
}

/** What failed in a file, each with the first lines of its message: a log of all suites is long, and may be cut. */
function failuresOf (file) {
  const failed = file.assertionResults.filter(({ status }) => status === 'failed')
  if (failed.length > 0) return failed.map(test => `${test.fullName}\n${firstLines(test.failureMessages.join('\n'))}`)
  return file.status === 'failed' ? [`${basename(file.name)} could not be run\n${firstLines(file.message)}`] : []
}

/** Lines of a failure's message that are shown in the end; the rest is further up. */
const SHOWN_LINES = 12

function firstLines (message) {
  return stripVTControlCharacters(message).split('\n').filter(line => line.trim() !== '').slice(0, SHOWN_LINES).map(line => `  ${line}`).join('\n')
}

/** `12 passed, 0 failed`, and `, 2 skipped` where that is so. */
export function totalsLine ({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
}
