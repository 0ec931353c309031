import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { MESSAGE_TARGETS, SENT_TARGETS } from './messages.ts'
import { parseFaults } from './parse.ts'
import { VOCABULARY } from './vocabulary.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** A README's row for each kind; the groups of messages stand for their types. */
function rows (): string[] {
  const named = (targets: readonly string[]): string => {
    const groups = [MESSAGE_TARGETS, SENT_TARGETS].find(group => group.every(target => targets.includes(target)))
    const rest = targets.filter(target => groups?.includes(target) !== true).map(target => `\`${target}\``)
    return [...rest, ...groups === MESSAGE_TARGETS ? ['messages'] : groups === SENT_TARGETS ? ['messages except answers'] : []].join(' ')
  }
  return Object.entries(VOCABULARY).map(([kind, { targets, options, needs = [], meaning }]) => {
    const own = Object.keys(options).filter(name => !['p', 'nth', 'times', 'after', 'for'].includes(name))
    return `| \`${kind}\` | ${named(targets)} | ${own.map(name => `\`${name}\`${needs.includes(name) ? '*' : ''}`).join(' ')} | ${meaning} |`
  })
}

it('the README has a row for each kind, as the code has it', () => {
  expect(readme.split('\n')).toEqual(expect.arrayContaining(rows()))
})

it('the README names every target of messages, and every common option', () => {
  for (const target of MESSAGE_TARGETS) expect(readme).toContain(`\`${target}\``)
  for (const [name, { meaning }] of Object.entries(VOCABULARY.drop.options)) expect(readme).toContain(`| \`${name}\` | ${meaning} |`)
})

it('every example of the README is read', () => {
  const examples = [...readme.matchAll(/--faults '([^'…]+)'/g)].map(([, spec]) => spec!)
  expect(examples.length).toBeGreaterThan(3)
  for (const spec of examples) expect(parseFaults(spec).length).toBeGreaterThan(0)
})
