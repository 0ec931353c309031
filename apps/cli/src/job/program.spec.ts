import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { programs } from '@ipfs-mapreduce/programs'
import { checkArgs, findProgram } from './program.ts'

describe('PROGRAM', () => {
  it.each(Object.keys(programs))('%s names a module that is there', name => {
    const found = findProgram(name)
    expect(found.name).toBe(name)
    expect(existsSync(found.path)).toBe(true)
  })

  it('may be a module on disk, called by its file name', () => {
    const { path } = findProgram('grep')
    expect(findProgram(path)).toEqual({ name: 'grep', path })
  })

  it('that is neither suggests what was meant', () => {
    expect(() => findProgram('wordcount')).toThrow('there is no program wordcount: it is no file here and no shipped program (did you mean word-count?)')
    expect(() => findProgram('./mine.ts')).toThrow('shipped programs: word-count')
    expect(() => findProgram('constructor')).toThrow('there is no program constructor')
  })

  it('that ships is given the arguments it knows, and those it needs', () => {
    expect(() => { checkArgs('grep', { pattern: 'x', flags: 'i' }) }).not.toThrow()
    expect(() => { checkArgs('grep', {}) }).toThrow('grep needs --arg pattern=')
    expect(() => { checkArgs('grep', { patern: 'x' }) }).toThrow('grep has no argument patern: it takes pattern, flags')
    expect(() => { checkArgs('word-count', { x: '1' }) }).toThrow('it takes none')
    expect(() => { checkArgs('./mine.ts', { anything: '1' }) }).not.toThrow()
  })
})
