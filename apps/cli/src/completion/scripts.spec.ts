import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { Command, Option } from 'commander'
import { completionScript } from './scripts.ts'
import type { Shell } from './scripts.ts'
import { wordsOf } from './words.ts'

const program = new Command('ipmr')
program.addCommand(new Command('run').summary('run a program over somebody\'s files').argument('<program>')
  .addOption(new Option('-r, --reducers <n>', 'partitions [of the result]: a file each'))
  .addOption(new Option('--priority <level>', 'among the jobs').choices(['low', 'high']))
  .addOption(new Option('--secret').hideHelp()))
program.addCommand(new Command('status').summary('show jobs').option('-w, --watch', 'again'))
const words = wordsOf(program, { run: ['word-count', 'grep'] })

const has = (shell: Shell): boolean => spawnSync(shell, ['--version']).status === 0
/** A test of a shell that is not installed says so in its name. */
const inShell = (shell: Shell): typeof it.skip => has(shell) ? it : it.skip
const why = (shell: Shell): string => has(shell) ? '' : ` (skipped: ${shell} is not installed)`

/** What bash offers after these words, the last of which is being typed. */
function offered (...typed: string[]): string[] {
  const script = `${completionScript('bash', words)}
COMP_WORDS=(${typed.map(word => `'${word}'`).join(' ')}) COMP_CWORD=${typed.length - 1}
_ipmr && printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: import.meta.dirname }).split('\n').filter(line => line !== '')
}

describe('completion in bash', () => {
  inShell('bash')(`offers commands, their options, choices, programs and files${why('bash')}`, () => {
    expect(offered('ipmr', 'r')).toEqual(['run'])
    expect(offered('ipmr', 'run', '--')).toEqual(['--reducers', '--priority', '--help'])
    expect(offered('ipmr', 'run', '--priority', '')).toEqual(['low', 'high'])
    expect(offered('ipmr', 'run', 'w')).toEqual(['words.ts', 'word-count'])
    expect(offered('ipmr', 'run', 'grep', 'w')).toEqual(['words.ts'])
    expect(offered('ipmr', 'status', '-')).toEqual(['-w', '--watch', '-h', '--help'])
    expect(offered('ipmr', 'help', 's')).toEqual(['status'])
  })
})

describe('completion in zsh', () => {
  it('describes commands and options, with what has a meaning there escaped', () => {
    const script = completionScript('zsh', words)
    expect(script).toContain('\'run:run a program over somebody\'\\\'\'s files\'')
    expect(script).toContain('\'--reducers[partitions \\[of the result\\]\\: a file each]:value:_files\'')
    expect(script).toContain('\'--priority[among the jobs]:value:(low high)\'')
    expect(script).not.toContain('secret')
  })

  inShell('zsh')(`is a script that zsh can read${why('zsh')}`, () => {
    expect(spawnSync('zsh', ['-n'], { input: completionScript('zsh', words), encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
})

describe('completion in fish', () => {
  it('describes commands and options', () => {
    const script = completionScript('fish', words)
    expect(script).toContain('complete -c ipmr -f -n __fish_use_subcommand -a status -d \'show jobs\'')
    expect(script).toContain('complete -c ipmr -n \'__fish_seen_subcommand_from run\' -l priority -r -f -a \'low high\' -d \'among the jobs\'')
  })

  inShell('fish')(`is a script that fish can read${why('fish')}`, () => {
    expect(spawnSync('fish', ['-n'], { input: completionScript('fish', words), encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
})
