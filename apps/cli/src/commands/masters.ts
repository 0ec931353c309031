import { Command } from 'commander'
import type { MasterOptions, StatusOptions } from '../client/commands.ts'
import type { LogsOptions } from '../client/logs.ts'
import type { CommandContext } from './context.ts'
import { addDoorOptions, clusterOption, dataDirOption, examples, masterOption } from './options.ts'

/** The commands that ask a running master. */

export function statusCommand (context: CommandContext): Command {
  return addDoorOptions(new Command('status'))
    .summary('show a master\'s jobs, tasks and workers')
    .description('Shows the jobs and workers of a running master; with JOB, that job\'s tasks by state, counters and times.')
    .argument('[job]', 'job id')
    .addOption(masterOption('the master to ask'))
    .addOption(clusterOption())
    .option('-w, --watch', 'look again every second, until JOB has ended or Ctrl-C: in place on a terminal, elsewhere a line after a change')
    .option('--json', 'print one JSON object; with --watch, one line of JSON after each change')
    .addHelpText('after', examples(
      ['ipmr status', 'the master of this machine'],
      ['ipmr status --watch', 'the same, as it changes'],
      ['ipmr status --connect /ip4/192.168.1.5/tcp/4510 mh5x2k1a-0f3k9', 'one job, on another machine']
    ))
    .action(async (job: string | undefined, options: StatusOptions) => {
      const { status } = await import('../client/commands.ts')
      await status(job, options, context)
    })
}

export function jobsCommand (context: CommandContext): Command {
  return addDoorOptions(new Command('jobs'))
    .summary('list a master\'s jobs')
    .description('Lists the jobs of a running master, those that have ended too: state, tasks done, time and result.')
    .addOption(masterOption('the master to ask'))
    .addOption(clusterOption())
    .option('--json', 'print one JSON array')
    .addHelpText('after', examples(
      ['ipmr jobs', 'of the master of this machine'],
      ['ipmr jobs --json | jq -r \'.[] | select(.state == "failed") | .job\'', 'the ids of those that failed']
    ))
    .action(async (options: MasterOptions & { json?: boolean }) => {
      const { jobs } = await import('../client/commands.ts')
      await jobs(options, context)
    })
}

export function logsCommand (context: CommandContext): Command {
  return addDoorOptions(new Command('logs'))
    .summary('tell what happened to a job')
    .description('Tells what happened to a job so far: each attempt, when it began and where, how it ended, and the program\'s stack where it threw; then times, warnings, skipped records and what came of it.')
    .argument('<job>', 'job id, as ipmr jobs shows it')
    .addOption(masterOption('the master of the job'))
    .addOption(clusterOption())
    .addOption(dataDirOption())
    .option('-f, --follow', 'go on until it has ended, with each line as it happens')
    .option('--json', 'print one JSON object: the job\'s status, and its attempts')
    .addHelpText('after', examples(
      ['ipmr logs mh5x2k1a-0f3k9', 'a job of this machine\'s master'],
      ['ipmr logs -f mh5x2k1a-0f3k9', 'a job that runs']
    ))
    .action(async (job: string, options: LogsOptions) => {
      const { logs } = await import('../client/logs.ts')
      await logs(job, options, context)
    })
}

export function cancelCommand (context: CommandContext): Command {
  return addDoorOptions(new Command('cancel'))
    .summary('cancel a job')
    .description('Cancels a job: its attempts are aborted, and its record says so.')
    .argument('<job>', 'job id, as ipmr status shows it')
    .addOption(masterOption('the master that runs the job'))
    .addOption(clusterOption())
    .addOption(dataDirOption())
    .option('--reason <text>', 'noted with the job', 'cancelled by hand')
    .option('--json', 'print one JSON object: job, state')
    .addHelpText('after', examples(['ipmr cancel mh5x2k1a-0f3k9', 'stop a job of this machine\'s master']))
    .action(async (job: string, options: MasterOptions & { reason: string, dataDir: string, json?: boolean }) => {
      const { cancel } = await import('../client/commands.ts')
      await cancel(job, options, context)
    })
}

export function peersCommand (context: CommandContext): Command {
  return addDoorOptions(new Command('peers'))
    .summary('list a master\'s workers')
    .description('Lists the workers that have joined a master: role, slots, what they run and where they listen.')
    .addOption(masterOption('the master to ask'))
    .addOption(clusterOption())
    .option('--json', 'print one JSON array')
    .addHelpText('after', examples(['ipmr peers', 'who works for the master of this machine']))
    .action(async (options: MasterOptions & { json?: boolean }) => {
      const { peers } = await import('../client/commands.ts')
      await peers(options, context)
    })
}
