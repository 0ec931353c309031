import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { totals, totalsLine } from './totals.mjs'

describe('totals', () => {
  let root
  const write = (path, content) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const suite = (project, counts, tests = []) => {
    write(`${project}/jest.config.js`, '')
    write(`${project}/test-results/test.json`, JSON.stringify({
      numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0, testResults: [{ assertionResults: tests }], ...counts
    }))
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ipmr-totals-'))
    mkdirSync(join(root, 'apps'))
    mkdirSync(join(root, 'libs'))
  })
  afterEach(() => { rmSync(root, { recursive: true }) })

  it('adds up the suites of all projects', () => {
    suite('libs/a', { numPassedTests: 3 })
    suite('apps/b', { numPassedTests: 4, numFailedTests: 1 })
    write('apps/b/e2e/jest.config.js', '')
    write('apps/b/test-results/e2e.json', JSON.stringify({ numPassedTests: 2, numFailedTests: 0, numRuntimeErrorTestSuites: 0, testResults: [] }))
    const sum = totals(root)
    expect(sum.faults).toEqual([])
    expect(totalsLine(sum)).toBe('9 passed, 1 failed')
  })

  it('counts a file that cannot be loaded as a failure', () => {
    suite('libs/a', { numPassedTests: 3, numRuntimeErrorTestSuites: 1 })
    expect(totals(root).failed).toBe(1)
  })

  it('names skipped tests', () => {
    suite('libs/a', { numPassedTests: 1 }, [{ status: 'pending', fullName: 'reads texts: no folder of texts' }])
    const sum = totals(root)
    expect(sum.skipped).toEqual(['libs/a: reads texts: no folder of texts'])
    expect(totalsLine(sum)).toBe('1 passed, 0 failed, 1 skipped')
  })

  it('names failed tests and files, with the first lines of why', () => {
    write('apps/b/jest.config.js', '')
    write('apps/b/test-results/test.json', JSON.stringify({
      numPassedTests: 1, numFailedTests: 1, numRuntimeErrorTestSuites: 1,
      testResults: [
        { name: '/x/a.spec.ts', status: 'failed', message: 'all of it', assertionResults: [
          { status: 'passed', fullName: 'reads', failureMessages: [] },
          { status: 'failed', fullName: 'writes', failureMessages: [['\u001b[31mexpected 1\u001b[39m', '', ...Array(20).fill('at x')].join('\n')] }
        ] },
        { name: '/x/b.spec.ts', status: 'failed', message: 'no such module', assertionResults: [] }
      ]
    }))
    expect(totals(root).failures).toEqual([
      ['apps/b: writes', '  expected 1', ...Array(11).fill('  at x')].join('\n'),
      'apps/b: b.spec.ts could not be run\n  no such module'
    ])
  })

  it('names tests that passed at their second attempt, with why the first failed', () => {
    suite('libs/a', { numPassedTests: 2 }, [
      { status: 'passed', fullName: 'reads', invocations: 1, retryReasons: [] },
      { status: 'passed', fullName: 'writes', invocations: 2, retryReasons: ['too late'] }
    ])
    expect(totals(root)).toMatchObject({ passed: 2, flaky: ['libs/a: writes\n  too late'] })
  })

  it('finds a suite without results, and one in which no test ran', () => {
    write('libs/a/jest.config.js', '')
    suite('libs/b', {})
    expect(totals(root).faults).toEqual([
      'libs/a: has a jest configuration and no results in libs/a/test-results/test.json',
      'libs/b: ran no test'
    ])
  })
})
