import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { bytes, duration, ends, peerTail, plural } from './format.ts'
import { totalMs } from './pieces.tsx'
import { go } from './route.ts'
import { Statechart } from './statechart.tsx'
import type { TaskView } from '@ipfs-mapreduce/actors'
import type { LoggedAttempt } from '@ipfs-mapreduce/actors/layout'
import type { JobModel, Model } from '../src/model/model.ts'
import type { TaskKind } from '@ipfs-mapreduce/protocol'

const MACHINES = ['task', 'attempt', 'worker', 'job', 'master'] as const
type Machine = typeof MACHINES[number]

/** Splits that are listed; a task may have many small files. */
const MAX_SPLITS = 12

interface Props {
  model: Model
  job: JobModel
  chosen: { kind: TaskKind, task: number }
}

/** A task closely: its attempts, its input, and the machines that move it, with the states that they are in now. */
export function TaskPanel ({ model, job, chosen: { kind, task } }: Props): ComponentChildren {
  const panel = useRef<HTMLElement>(null)
  const [machine, setMachine] = useState<Machine>('task')
  const view = model.task?.kind === kind && model.task.task === task ? model.task : undefined
  useEffect(() => { panel.current?.focus({ preventScroll: true }) }, [])
  const close = (): void => { go({ job: job.id }) }
  const last = (kind === 'map' ? job.map : job.reduce).length - 1
  const step = (by: number): void => { go({ job: job.id, task: { kind, task: Math.max(0, Math.min(last, task + by)) } }) }
  return (
    <section class="panel" ref={panel} tabIndex={-1} role="dialog" aria-label={`${kind} task ${task}`} onKeyDown={event => { if (event.key === 'Escape') close() }}>
      <header class="panel-head">
        <span class={`kind-mark ${kind}`} aria-hidden="true">{kind === 'map' ? 'M' : 'R'}</span>
        <h2>{kind} task <span class="num">{task}</span></h2>
        {view !== undefined && <span class="pill task-state">{view.state.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)}</span>}
        <span class="space" />
        <button type="button" class="icon-button" onClick={() => { step(-1) }} disabled={task <= 0} aria-label="previous task">‹</button>
        <button type="button" class="icon-button" onClick={() => { step(1) }} disabled={task >= last} aria-label="next task">›</button>
        <button type="button" class="icon-button" onClick={close} aria-label="close">✕</button>
      </header>
      <div class="panel-body">
        {view === undefined ? <p class="empty" role="status">{model.task === null ? 'Loading, or there is no such task.' : 'Loading…'}</p> : <Facts view={view} untilMs={job.status === undefined ? 0 : totalMs(job.status)} />}
        <div class="tabs" role="tablist" aria-label="machines" onKeyDown={event => { turn(event, machine, setMachine) }}>
          {MACHINES.map(name => <button key={name} type="button" role="tab" id={`tab-${name}`} aria-selected={name === machine} aria-controls="machine" tabIndex={name === machine ? 0 : -1} onClick={() => { setMachine(name) }}>{name}</button>)}
        </div>
        <div id="machine" role="tabpanel" aria-labelledby={`tab-${machine}`}>
          <Machines machine={machine} model={model} job={job} view={view} />
        </div>
      </div>
    </section>
  )
}

function turn (event: KeyboardEvent, machine: Machine, set: (machine: Machine) => void): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (by === 0) return
  event.preventDefault()
  const next = MACHINES[(MACHINES.indexOf(machine) + by + MACHINES.length) % MACHINES.length]!
  set(next)
  document.getElementById(`tab-${next}`)?.focus()
}

function Facts ({ view: { attempts, splits, holders, kind }, untilMs }: { view: TaskView, untilMs: number }): ComponentChildren {
  return (
    <>
      <h3>Attempts</h3>
      {attempts.length === 0
        ? <p class="empty">none yet</p>
        : <ul class="attempts">{attempts.map(one => <AttemptRow key={one.attempt} attempt={one} untilMs={untilMs} />)}</ul>}
      {kind === 'map' && splits.length > 0 && (
        <>
          <h3>{plural(splits.length, 'split')}{holders.length > 0 && <span class="muted"> held by {holders.map(peerTail).join(', ')}</span>}</h3>
          <ul class="splits">{splits.slice(0, MAX_SPLITS).map(({ file, offset, length }) => <li key={`${file} ${offset}`}><span class="mono" title={file}>{ends(file)}</span><span class="muted num">{bytes(length)} at {offset}</span></li>)}</ul>
        </>
      )}
    </>
  )
}

function AttemptRow ({ attempt: { attempt, worker, startMs, endMs, outcome, backup, local }, untilMs }: { attempt: LoggedAttempt, untilMs: number }): ComponentChildren {
  return (
    <li>
      <span class={`outcome is-${outcome}`}>{outcome}</span>
      <span>#{attempt} at <span class="mono" title={worker}>{peerTail(worker)}</span></span>
      {backup && <span class="tag">backup</span>}
      {local && <span class="tag">local</span>}
      <span class="space" />
      <span class="num muted">{duration((endMs < 0 ? untilMs : endMs) - startMs)}</span>
    </li>
  )
}

function Machines ({ machine, model, job, view }: { machine: Machine, model: Model, job: JobModel, view: TaskView | undefined }): ComponentChildren {
  const latest = view?.attempts.findLast(({ outcome }) => outcome === 'active') ?? view?.attempts.at(-1)
  switch (machine) {
    case 'task': return <Statechart machine="task" value={taskValue(view)} caption={view?.machine === undefined ? <>At the master. No machine runs for a task that waits or is over.</> : <>At the master, now.</>} />
    case 'attempt': {
      const worker = latest === undefined ? undefined : model.workers.get(latest.worker)
      const reported = worker?.attempts.find(({ ref }) => ref.job === job.id && ref.kind === view?.kind && ref.task === view.task && ref.attempt === latest?.attempt)
      return <Statechart machine="attempt" value={reported?.state ?? attemptEnd(latest)} caption={latest === undefined ? <>At a worker, once it has the task.</> : <>Attempt {latest.attempt} at <span class="mono">{peerTail(latest.worker)}</span>, {reported === undefined ? 'as it ended or is not reported yet' : `as its last heartbeat said; ${plural(reported.records, 'record')} read`}.</>} />
    }
    case 'worker': {
      const worker = latest === undefined ? undefined : model.workers.get(latest.worker)
      return <Statechart machine="worker" value={worker === undefined ? latest === undefined ? undefined : 'left' : worker.state === 'suspect' ? 'ready' : worker.state} caption={latest === undefined ? <>The worker of the last attempt.</> : <><span class="mono">{peerTail(latest.worker)}</span>: {worker === undefined ? 'it has gone' : `the master holds it for ${worker.state}`}.</>} />
    }
    case 'job': return <Statechart machine="job" value={job.machine ?? job.status?.state} caption={<>The whole job, at the master.</>} />
    case 'master': return <Statechart machine="master" value="serving" caption={<>The master itself.</>} />
  }
}

/** Of a task without a machine its record tells where it stands. */
function taskValue (view: TaskView | undefined): unknown {
  if (view === undefined) return undefined
  if (view.machine !== undefined) return view.machine
  return { waiting: 'pending', backingOff: 'backingOff', committed: 'committed', failed: 'failed', givenUp: 'cancelled' }[view.state as string]
}

function attemptEnd (attempt: LoggedAttempt | undefined): string | undefined {
  return attempt === undefined ? undefined : { active: undefined, completed: 'done', failed: 'failed', lost: undefined, refused: undefined, overtaken: 'aborted' }[attempt.outcome]
}
