import { Command, Option } from 'commander'
import type { ResumeFlags } from '../job/command.ts'
import type { CommandContext } from './context.ts'
import { addFollowOptions, clusterOption, connectOption, examples, EXIT_STATUS, outputOption, parseAddress } from './options.ts'

export function resumeCommand (context: CommandContext): Command {
  return addFollowOptions(new Command('resume')
    .summary('take a job up from its checkpoint, at another master')
    .description([
      'Has a master take up a job that another master began, from a checkpoint of it: what was mapped by then, and is still to be had, is not mapped again.',
      'Then follows the job as ipmr run does, and prints the CID of the result.',
      '',
      EXIT_STATUS
    ].join('\n'))
    .argument('<checkpoint>', 'CID of the job so far, as ipmr status shows it')
    .addOption(connectOption('the master that takes the job up').makeOptionMandatory())
    .addOption(clusterOption())
    .addOption(new Option('--provider <multiaddr...>', 'who may hold the checkpoint, beside this machine: the old master, if it runs, or a worker').argParser(collectAddress))
    .addOption(outputOption()))
    .addHelpText('after', examples(
      ['ipmr resume bafyrei… --connect local', 'go on with a job whose master is gone, at the master of this machine'],
      ['ipmr resume bafyrei… --connect local --provider /ip4/192.168.1.7/tcp/4511/p2p/12D3Koo… -o out', 'with the help of a worker that holds the checkpoint']
    ))
    .action(async (checkpoint: string, flags: ResumeFlags) => {
      const { resume } = await import('../job/command.ts')
      await resume(checkpoint, flags, context)
    })
}

function collectAddress (text: string, sofar: string[] = []): string[] {
  return [...sofar, parseAddress(text)]
}
