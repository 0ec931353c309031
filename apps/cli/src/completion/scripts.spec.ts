import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Argument, Command, Option } from 'commander'
import { completionScript } from './scripts.ts'
import type { Shell } from './scripts.ts'
import { wordsOf } from './words.ts'

const program = new Command('ipmr')
program.addCommand(new Command('run').summary('run a program over somebody\'s files').argument('<program>')
  .addOption(new Option('-r, --reducers <n>', 'partitions [of the result]: a file each'))
  .addOption(new Option('--priority <level>', 'among the jobs').choices(['low', 'high']))
  .addOption(new Option('--secret').hideHelp()))
program.addCommand(new Command('status').summary('show jobs').argument('[job]').option('-w, --watch', 'again'))
program.addCommand(new Command('completion').summary('complete').addArgument(new Argument('<shell>').choices(['bash', 'zsh'])))
program.addCommand(new Command('help').summary('tell').argument('[command]'))
const words = wordsOf(program, { run: ['word-count', 'grep'], help: ['run', 'status'] })

const has = (shell: Shell): boolean => spawnSync(shell, ['--version']).status === 0
/** A test of a shell that is not installed says so in its name. */
const inShell = (shell: Shell): typeof it.skip => has(shell) ? it : it.skip
const why = (shell: Shell): string => has(shell) ? '' : ` (skipped: ${shell} is not installed)`

/** What bash offers after these words, the last of which is being typed. */
function offered (...typed: string[]): string[] {
  const script = `${completionScript('bash', words)}
COMP_WORDS=(${typed.map(word => `'${word}'`).join(' ')}) COMP_CWORD=${typed.length - 1}
_ipmr; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: import.meta.dirname }).split('\n').filter(line => line !== '')
}

/** The same of fish. */
function offeredByFish (typed: string): string[] {
  const script = `${completionScript('fish', words)}\ncomplete -C '${typed}'`
  const { stdout } = run('fish', ['--no-config', '-c', script])
  return stdout.split('\n').filter(line => line !== '').map(line => line.split('\t')[0]!).sort()
}

/** What a terminal of zsh shows after these words and the Tab key, pressed twice: the line as it then is, and what may follow. */
function offeredByZsh (typed: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'ipmr-zsh-'))
  try {
    writeFileSync(join(dir, 'completion'), completionScript('zsh', words))
    const { stdout } = run('zsh', ['-f', '-c', `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PROMPT="=> "; autoload -Uz compinit && compinit -u -D; source ${join(dir, 'completion')}; COLUMNS=200; print REA''DY'
# The line editor is there with its prompt.
zpty -r shell seen '*READY*=> *'
zpty -w -n shell '${typed}'$'\\t\\t'
zpty -w -n shell $'\\C-u'
zpty -w shell 'print EN''D'
zpty -r shell seen '*END*'
print -r -- $seen`])
    return stdout.replace(/\u001b\[[\d;?]*[a-zA-Z]|[\r\u0007]/g, '')
  } finally {
    rmSync(dir, { recursive: true })
  }
}

function run (shell: Shell, args: string[]): { stdout: string } {
  const { status, stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8', cwd: import.meta.dirname, timeout: 30_000 })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return { stdout }
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
    expect(offered('ipmr', 'completion', '')).toEqual(['bash', 'zsh'])
    expect(offered('ipmr', 'status', '')).toEqual([])
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

  inShell('zsh')(`offers commands, their choices, programs and files${why('zsh')}`, () => {
    expect(offeredByZsh('ipmr st')).toContain('ipmr status')
    expect(offeredByZsh('ipmr help st')).toContain('ipmr help status')
    expect(offeredByZsh('ipmr run --prio')).toMatch(/ipmr run --priority[^]*high +low/)
    expect(offeredByZsh('ipmr run w')).toMatch(/word-count[^]*words\.ts/)
    expect(offeredByZsh('ipmr run grep wor')).toContain('ipmr run grep words.ts')
    expect(offeredByZsh('ipmr completion ')).toMatch(/bash +zsh/)
    expect(offeredByZsh('ipmr completion ')).not.toContain('words.ts')
  })
})

describe('completion in fish', () => {
  it('describes commands and options', () => {
    const script = completionScript('fish', words)
    expect(script).toContain('complete -c ipmr -f -n __fish_use_subcommand -a status -d \'show jobs\'')
    expect(script).toContain('complete -c ipmr -n \'__fish_seen_subcommand_from run\' -l priority -r -f -a \'low high\' -d \'among the jobs\'')
  })

  inShell('fish')(`offers commands, their choices, programs and files${why('fish')}`, () => {
    expect(offeredByFish('ipmr st')).toEqual(['status'])
    expect(offeredByFish('ipmr help st')).toEqual(['status'])
    expect(offeredByFish('ipmr run --prio')).toEqual(['--priority'])
    expect(offeredByFish('ipmr run --priority ')).toEqual(['high', 'low'])
    expect(offeredByFish('ipmr run wor')).toEqual(['word-count', 'words.ts'])
    expect(offeredByFish('ipmr run grep wor')).toEqual(['words.ts'])
    expect(offeredByFish('ipmr completion ')).toEqual(['bash', 'zsh'])
    expect(offeredByFish('ipmr status ')).toEqual([])
  })
})
