import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import * as constants from '../constants.ts'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

describe('messages.proto', () => {
  it('is what the committed code was generated from', async () => {
    const generated = promisify(execFile)(process.execPath, [source('../../../../tools/protocol/generate.mjs'), '--check'])
    await expect(generated).resolves.toMatchObject({ stderr: '' })
  }, 60_000)

  it('limits repeated fields to the constants that senders split by', async () => {
    const proto = await readFile(source('../messages.proto'), 'utf8')
    const limits = (field: string): number[] =>
      [...proto.matchAll(new RegExp(`\\b${field} = \\d+ \\[[^\\]]*limit = (\\d+)`, 'g'))].map(match => Number(match[1]))
    const expected: Record<string, number[]> = {
      args: [constants.MAX_ARGS, constants.MAX_ARGS],
      counters: [constants.MAX_COUNTERS, constants.MAX_COUNTERS],
      splits: [constants.MAX_SPLITS_PER_ATTEMPT],
      runs: [constants.MAX_RUNS_PER_MESSAGE, constants.MAX_RUNS_PER_MESSAGE],
      empty: [constants.MAX_EMPTY_PER_MESSAGE],
      cids: [constants.MAX_CIDS_PER_QUERY],
      held: [constants.MAX_CIDS_PER_QUERY],
      jobs: [constants.MAX_JOBS_PER_STATUS],
      workers: [constants.MAX_WORKERS_PER_STATUS],
      phases: [constants.MAX_PHASES],
      warnings: [constants.MAX_WARNINGS],
      providers: [constants.MAX_ADDRESSES, constants.MAX_ADDRESSES, constants.MAX_ADDRESSES, constants.MAX_ADDRESSES],
      blacklist: [constants.MAX_BLACKLIST],
      skipped: [constants.MAX_SKIPPED, constants.MAX_SKIPPED],
      addresses: [constants.MAX_ADDRESSES, constants.MAX_ADDRESSES, constants.MAX_ADDRESSES],
      running: [constants.MAX_SLOTS, constants.MAX_SLOTS],
      attempts: [constants.MAX_COURSE_ATTEMPTS, constants.MAX_SLOTS]
    }
    for (const [field, values] of Object.entries(expected)) { expect([field, limits(field)]).toEqual([field, values]) }
    const unlimited = [...proto.replaceAll(/\/\/.*/g, '').matchAll(/\b(repeated |map<)[^;]*;/g)].map(match => match[0]).filter(field => !field.includes('limit'))
    expect(unlimited).toEqual([])
  })
})
