import { Command } from 'commander'
import type { MasterOptions } from '../client/commands.ts'
import type { CommandContext } from './context.ts'
import { clusterOption, connectOption, examples } from './options.ts'

/** The commands that ask a running master. */

export function statusCommand (context: CommandContext): Command {
  return new Command('status')
    .summary('show a master\'s jobs, tasks and workers')
    .description('Shows the jobs and workers of a running master; with JOB, that job\'s tasks by state, counters and times.')
    .argument('[job]', 'job id')
    .addOption(connectOption('the master to ask').makeOptionMandatory())
    .addOption(clusterOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples(
      ['ipmr status --connect local', 'the master of this machine'],
      ['ipmr status --connect /ip4/192.168.1.5/tcp/4510 mh5x2k1a-0f3k9', 'one job, on another machine']
    ))
    .action(async (job: string | undefined, options: MasterOptions & { json?: boolean }) => {
      const { status } = await import('../client/commands.ts')
      await status(job, options, context)
    })
}

export function cancelCommand (context: CommandContext): Command {
  return new Command('cancel')
    .summary('cancel a job')
    .description('Cancels a job: its attempts are aborted, and its record says so.')
    .argument('<job>', 'job id, as ipmr status shows it')
    .addOption(connectOption('the master that runs the job').makeOptionMandatory())
    .addOption(clusterOption())
    .option('--reason <text>', 'noted with the job', 'cancelled by hand')
    .addHelpText('after', examples(['ipmr cancel --connect local mh5x2k1a-0f3k9', 'stop a job of this machine\'s master']))
    .action(async (job: string, options: MasterOptions & { reason: string }) => {
      const { cancel } = await import('../client/commands.ts')
      await cancel(job, options, context)
    })
}

export function peersCommand (context: CommandContext): Command {
  return new Command('peers')
    .summary('list a master\'s workers')
    .description('Lists the workers that have joined a master: role, slots, what they run and where they listen.')
    .addOption(connectOption('the master to ask').makeOptionMandatory())
    .addOption(clusterOption())
    .option('--json', 'print one JSON array')
    .addHelpText('after', examples(['ipmr peers --connect local', 'who works for the master of this machine']))
    .action(async (options: MasterOptions & { json?: boolean }) => {
      const { peers } = await import('../client/commands.ts')
      await peers(options, context)
    })
}
