import type { Mutant } from './mutant.ts'

const actors = 'libs/actors/src'
const machines = 'libs/state-machines/src'

/** Bugs of the kinds that such systems have had. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a lease is never renewed',
    file: `${machines}/task.ts`,
    from: "params: ({ event }) => ({ place, attempt: event.attempt }) }, target: '.leased' },",
    to: 'params: ({ event }) => ({ place, attempt: event.attempt }) } },'
  },
  {
    name: 'a task is committed twice',
    file: `${actors}/master/task-runner.ts`,
    from: "if (record.state === 'committed') {\n      this.#settlement.compare(record, from, message)\n    } else if (record.state !== 'failed') {",
    to: "if (record.state !== 'failed') {"
  },
  {
    name: 'the bound of retries is off by one',
    file: `${machines}/task.ts`,
    from: 'context.failures >= context.maxAttempts ||',
    to: 'context.failures > context.maxAttempts ||'
  },
  {
    name: 'a lost run is ignored',
    file: `${actors}/master/reports.ts`,
    from: 'if (isRunning() && maps.runLost(message)) warn(',
    to: 'if (message.mapTask < 0) warn('
  },
  {
    name: 'counters are added for each attempt',
    file: `${actors}/master/tally.ts`,
    from: 'unpackCounters(record.answer!.counters), -1)',
    to: 'unpackCounters(record.answer!.counters), 0 as -1)'
  },
  {
    name: 'a heartbeat is accepted from a dead attempt',
    file: `${actors}/master/task-runner.ts`,
    from: "return given?.worker === worker && given.outcome === 'active'",
    to: 'return given?.worker === worker'
  },
  {
    name: 'a slot is not given back',
    file: `${actors}/master/task-runner.ts`,
    from: '    this.#init.workers.release(worker, ref)\n    this.#running.ended(',
    to: '    this.#running.ended('
  },
  {
    name: 'a worker executes one attempt more than it has slots',
    file: `${actors}/worker/worker.ts`,
    from: 'this.#slots = { map: new Slots(init.slots),',
    to: 'this.#slots = { map: new Slots(init.slots + 1),'
  },
  {
    name: 'a report is taken without being written down',
    file: `${actors}/master/reports.ts`,
    from: "    await journal.write({ type: 'completed', worker: from, report: message, alone })\n",
    to: ''
  },
  {
    name: 'an attempt is offered without being written down',
    file: `${actors}/master/task-effects.ts`,
    from: "    await journal.write({ type: 'opened', kind: ref.kind, task: ref.task, attempt: ref.attempt, worker, backup: place === 'backup', local })\n",
    to: ''
  },
  {
    name: 'an output is called secured before it is pinned',
    file: `${actors}/master/task-effects.ts`,
    from: '    await files.pin(output, { providers: workers.providersOf(worker), signal })\n',
    to: ''
  },
  {
    name: 'outputs stay pinned when the job has ended',
    file: `${actors}/master/job-pins.ts`,
    from: 'Promise.allSettled([secured.release(job), ',
    to: 'Promise.allSettled(['
  },
  {
    name: 'a run that two jobs share is dropped with the first of them',
    file: `${actors}/kept-files.ts`,
    from: 'if (users > 0) {',
    to: 'if (users > 0 && users < 0) {'
  },
  {
    name: 'a reducer keeps to itself that a run is lost',
    file: `${actors}/worker/shuffle.ts`,
    from: 'if (newer === undefined) this.#lose(run, providers, failureOf(error))\n      else {',
    to: 'if (newer !== undefined) {'
  },
  {
    name: 'a task that backed off is forgotten',
    file: `${machines}/task.ts`,
    from: "after: { backoff: { target: 'pending', actions: emit({ type: 'ready' }) } }",
    to: "after: { backoff: { target: 'pending' } }"
  },
  {
    name: 'a job commits while a map runs again',
    file: `${machines}/job.ts`,
    from: 'allMapped(context) && context.reducesCommitted === context.reducers',
    to: 'context.reducesCommitted === context.reducers'
  },
  {
    name: 'a reduce that read a false run is not made again',
    file: `${actors}/master/job-runner.ts`,
    from: "    for (const partition of changed) this.reduces.restart(partition, `a run of map task ${record.task} was made again and is another`)\n",
    to: ''
  },
  {
    name: 'a liar goes on working',
    file: `${actors}/master/job-runner.ts`,
    from: '    if (!this.#trust.ban(worker)) return\n',
    to: '    if (worker !== undefined) return\n'
  },
  {
    name: 'what was tried before a restart is never tried again',
    file: `${actors}/master/task-runner.ts`,
    from: '        this.table.retry(record)\n        continue\n',
    to: '        continue\n'
  },
  {
    name: 'a checkpoint is announced that is not kept',
    file: `${actors}/checkpoint.ts`,
    from: 'await this.#drop(outdated.filter(cid => this.#stale.has(cid)))',
    to: 'await this.#drop(made)'
  },
  {
    name: 'what a checkpoint names as mapped is mapped again',
    file: `${actors}/checkpoint.ts`,
    from: '    entries.push(...record.map(decodeEntry))\n',
    to: ''
  },
  {
    name: 'a job that another master has taken up is dropped with the first one',
    file: `${actors}/worker/worker.ts`,
    from: 'if (this.#isLeftTo(from, job)) await',
    to: 'await'
  },
  {
    name: 'runs are merged in the order in which they came',
    file: `${actors}/worker/shuffle.ts`,
    from: '.sort((a, b) => a.mapTask - b.mapTask)',
    to: ''
  }
]
