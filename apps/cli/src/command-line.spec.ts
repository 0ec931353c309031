import { describe, expect, it } from '@jest/globals'
import type { Command, CommanderError } from 'commander'
import { commandLine, usageExit } from './command-line.ts'
import type { CommandContext } from './commands/context.ts'

interface Outcome { exit: number, stdout: string, stderr: string }

function context (said: Pick<Outcome, 'stdout'>): CommandContext {
  return {
    interrupt: { signal: new AbortController().signal, onSecond: () => {}, letGo: () => {} },
    elapsed: () => 0,
    print: async text => { said.stdout += text },
    printLines: async values => { for (const value of values) said.stdout += `${JSON.stringify(value)}\n` }
  }
}

/** Those that do something: a command with others below it only names them. */
function commandsBelow (command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(commandsBelow)
}

/** Parses a command line as far as commander goes; no command's action may be reached. */
async function parse (...argv: string[]): Promise<Outcome> {
  const outcome = { exit: 0, stdout: '', stderr: '' }
  const program = commandLine(context(outcome), '1.2.3')
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeOut: text => { outcome.stdout += text }, writeErr: text => { outcome.stderr += text } })
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    outcome.exit = usageExit(error as CommanderError)
  }
  return outcome
}

describe('ipmr', () => {
  it.each(['init', 'run', 'add', 'get', 'cat', 'gc', 'jobs', 'status', 'logs', 'cancel', 'resume', 'peers', 'key', 'demo', 'completion'])('%s --help has examples', async command => {
    const { exit, stdout } = await parse(command, '--help')
    expect(exit).toBe(0)
    expect(stdout).toContain('Examples:')
    expect(stdout).toMatch(new RegExp(`\\$ .*\\bipmr ${command}\\b`))
  })

  it('has --json on each command, and says what it prints', () => {
    // What help tells is for people.
    const commands = commandsBelow(commandLine(context({ stdout: '' }), '1.2.3')).filter(command => command.name() !== 'help')
    expect(commands.length).toBeGreaterThan(10)
    for (const command of commands) {
      const json = command.options.find(({ long }) => long === '--json')
      expect({ command: command.name(), json: json?.description }).toEqual({ command: command.name(), json: expect.stringMatching(/^print (one|a line of) JSON/) })
    }
  })

  it('prints its version', async () => {
    expect(await parse('--version')).toEqual({ exit: 0, stdout: '1.2.3\n', stderr: '' })
  })

  it('suggests the command that was meant, on one line', async () => {
    const { exit, stderr } = await parse('rnu', 'word-count', 'x')
    expect(exit).toBe(2)
    expect(stderr).toBe('ipmr: unknown command \'rnu\': Did you mean run? (see ipmr --help)\n')
  })

  it('tells of a command, and of all, where it is asked by its name', async () => {
    expect(await parse('help', 'run')).toEqual(await parse('run', '--help'))
    expect(await parse('help')).toEqual(await parse('--help'))
    expect(await parse('help', 'rnu')).toEqual(await parse('rnu'))
  })

  it('is bad usage without a command', async () => {
    expect((await parse()).exit).toBe(2)
  })

  it.each([
    [['run', 'word-count'], 'missing required argument \'input\''],
    [['run', 'word-count', 'x', '--reducers', '0'], 'whole number from 1 to 4096'],
    [['run', 'word-count', 'x', '--chunk-size', '100'], 'Chunks are 1 KiB to 1 MiB'],
    [['run', 'word-count', 'x', '--connect', 'nowhere'], 'multiaddr such as'],
    [['run', 'word-count', 'x', '--reducer', '2'], 'Did you mean --reducers?'],
    [['run', 'word-count', 'x', '--skip-bad-records', '-1'], 'whole number from 0 to 1000000'],
    [['run', 'word-count', 'x', '--skip-bad-records', 'some'], 'whole number from 0 to 1000000'],
    [['run', 'word-count', 'x', '--priority', 'urgent'], 'Allowed choices are low, normal, high'],
    [['run', 'word-count', 'x', '--reconnect', 'soon'], 'number of seconds'],
    [['run', 'word-count', 'x', '--connect', '/ip4/127.0.0.1/tcp/99999'], 'multiaddr such as'],
    [['run', 'word-count', 'x', '--connect', 'local', '--listen', 'nonsense'], 'TCP address of this machine'],
    [['run', 'word-count', 'x', '--connect', 'local', '--allow', 'me'], 'peer id such as'],
    [['run', 'word-count', 'x', '--output', ''], 'should name a directory'],
    [['add', 'x', '--data-dir', ''], 'should name a directory'],
    [['get', 'x', '-o', ''], 'should name a directory'],
    [['init', ''], 'should name a directory'],
    [['resume', '--connect', 'local'], 'missing required argument \'checkpoint\''],
    [['resume', 'bafybeicheckpoint'], '--connect'],
    [['add'], 'missing required argument'],
    [['logs'], 'missing required argument \'job\''],
    [['status', '--connect', 'there'], 'multiaddr such as'],
    [['cancel'], 'missing required argument \'job\'']
  ])('%j is bad usage that says why', async (argv, why) => {
    const { exit, stderr } = await parse(...argv)
    expect(exit).toBe(2)
    expect(stderr).toContain(why)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(/^ipmr: .* \(see ipmr \w+ --help\)\n$/)
  })
})
