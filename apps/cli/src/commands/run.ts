import { DEFAULT_REDUCERS, MAX_SORT_BUFFER_BYTES, MIN_SORT_BUFFER_BYTES, SORT_BUFFER_BYTES } from '@ipfs-mapreduce/mapreduce'
import { programs } from '@ipfs-mapreduce/programs'
import { MAX_SKIP_BAD_RECORDS } from '@ipfs-mapreduce/protocol'
import { Command, Option } from 'commander'
import type { RunFlags } from '../job/command.ts'
import { formatBytes, parseArg, parseBytes, parseDuration, parseReducers, parseSeparator, parseSortBuffer, wholeNumber } from '../options/parse.ts'
import type { CommandContext } from './context.ts'
import { addFollowOptions, addIpfsOptions, chunkOption, clusterOption, connectOption, examples, EXIT_STATUS, outputOption } from './options.ts'

/** Mappers of a local cluster: one for each core of a small machine. */
export const DEFAULT_MAPPERS = 2
const MAX_LOCAL_MAPPERS = 64
const MAX_LOCAL_SLOTS = 64
const MAX_ATTEMPTS = 100

export function runCommand (context: CommandContext): Command {
  const command = addIpfsOptions(addFollowOptions(new Command('run')
    .summary('run a map/reduce program over files')
    .description([
      'Runs a map/reduce program over content or local files, and prints the CID of the result, a directory of part-r-00000, part-r-00001, ….',
      'Without --connect, a local cluster of processes (one master, mappers, two reducers) runs for this job and is gone after it.',
      'For files of up to 4 MiB it begins with one worker of each kind, unless --mappers says how many there are; a job that takes longer gets the others.',
      '',
      EXIT_STATUS
    ].join('\n'))
    .argument('<program>', 'TypeScript or JavaScript module, or the name of a program below')
    .argument('<input...>', 'CID, CID/path, ipfs://CID/path, or files and directories, which are added first')
    .addOption(new Option('-r, --reducers <n>', 'partitions of the result, one file each').argParser(parseReducers).default(DEFAULT_REDUCERS))
    .addOption(outputOption())
    .addOption(chunkOption())
    .addOption(new Option('--split-size <bytes>', 'aim at map tasks of this size (default: by the size of the input)').argParser(parseBytes))
    .addOption(new Option('-m, --mappers <n>', 'mappers of the local cluster').argParser(wholeNumber(1, MAX_LOCAL_MAPPERS)).default(DEFAULT_MAPPERS))
    .addOption(new Option('--slots <n>', 'attempts at once of each worker of the local cluster').argParser(wholeNumber(1, MAX_LOCAL_SLOTS)).default(1))
    .addOption(new Option('--separator <text>', 'between key and value; \\t is a tab').argParser(parseSeparator).default(' ', 'one space'))
    .addOption(new Option('-a, --arg <name=value>', 'an argument of the program, repeatable').argParser(parseArg).default({}, 'none'))
    .addOption(new Option('--deadline <seconds>', 'fail if the job takes longer').argParser(parseDuration))
    .addOption(new Option('--worker-wait <seconds>', 'fail if a kind of worker is missing for longer').argParser(parseDuration))
    .addOption(new Option('--attempts <n>', 'attempts at each task before the job fails').argParser(wholeNumber(1, MAX_ATTEMPTS)))
    .addOption(new Option('--skip-bad-records <n>', 'skip up to this many records and keys of the job for which map or reduce throws').argParser(wholeNumber(0, MAX_SKIP_BAD_RECORDS)).default(0, 'none'))
    .addOption(new Option('--sort-buffer <bytes>', `map output that an attempt holds in memory, such as 32MiB; ${formatBytes(MIN_SORT_BUFFER_BYTES)} to ${formatBytes(MAX_SORT_BUFFER_BYTES)} (default: ${formatBytes(SORT_BUFFER_BYTES)})`).argParser(parseSortBuffer))
    .addOption(new Option('--priority <level>', 'among the jobs of its master').choices(['low', 'normal', 'high']).default('normal'))
    .addOption(new Option('--local', 'run in this process, one record after another, to debug: prints the output'))
    .addOption(new Option('--explain', 'say what would run, and where its blocks are: splits, holders, partitions; runs nothing').conflicts('local'))
    .addOption(connectOption('submit to this running master instead of a local cluster'))
    .addOption(new Option('--detach', 'leave the job with the master of --connect, and print its id').conflicts(['local', 'explain']))
    .addOption(clusterOption())))
    .addOption(new Option('--pin-results', 'also store and pin the result in the daemon of --ipfs-api'))
    .addHelpText('after', shippedPrograms)
    .addHelpText('after', examples(
      ['ipmr run word-count book.txt --output out/book', 'count words on a local cluster'],
      ['ipmr run grep ./logs --arg \'pattern=error|warn\' --arg flags=i', 'search all files of a directory'],
      ['ipmr run sort ./logs --reducers 4 --output out/sorted', 'sort lines: the parts one after another are in order'],
      ['ipmr run ./my-program.ts ipfs://bafybei… --reducers 4 --connect local', 'a program of your own, on the services of this machine'],
      ['ipmr run word-count /ipfs/bafybei…/logs --ipfs-api http://127.0.0.1:5001 --pin-results', 'content of the IPFS daemon here, which gets the result'],
      ['ipmr run word-count bafybei… --ipfs-peer /ip4/192.168.1.7/tcp/4001/p2p/12D3KooW…', 'content of an IPFS node elsewhere'],
      ['ipmr run --local ./my-program.ts sample.txt', 'try a program in one process, without a cluster'],
      ['ipmr run ./my-program.ts ./logs --explain', 'see splits, holders and partitions first'],
      ['ipmr run ./my-program.ts ./crawl --skip-bad-records 20', 'a few records may make the program throw'],
      ['ipmr run word-count ./crawl --connect local --detach', 'do not wait for it; ipmr status and ipmr logs tell of it'],
      ['ipmr run word-count a.txt b.txt --json | jq .counters', 'what was counted on the way']
    ))
  return command.action(async (program: string, inputs: string[], flags: RunFlags) => {
    if (flags.local === true) {
      const { local } = await import('../local/command.ts')
      await local(program, inputs, flags, context)
      return
    }
    if (flags.explain === true) {
      const [{ explain }, { runOptions }] = await Promise.all([import('../explain/command.ts'), import('../job/command.ts')])
      await explain(runOptions(program, inputs, flags), flags, context)
      return
    }
    if (flags.detach === true) {
      const { detach } = await import('../job/detach.ts')
      await detach(flags, context)
      return
    }
    const { run } = await import('../job/command.ts')
    await run(program, inputs, flags, { mappersGiven: given(command, 'mappers'), slotsGiven: given(command, 'slots') }, context)
  })
}

/** What PROGRAM may name beside a module. */
function shippedPrograms (): string {
  const lines = Object.entries(programs).flatMap(([name, { description, args }]) => [
    `  ${name.padEnd(15)} ${description}`,
    ...Object.entries(args).map(([arg, about]) => `  ${''.padEnd(15)} --arg ${arg}=…: ${about}`)
  ])
  return ['', 'Programs:', ...lines].join('\n')
}

function given (command: Command, option: string): boolean {
  return command.getOptionValueSource(option) !== 'default'
}
