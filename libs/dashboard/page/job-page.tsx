import type { ComponentChildren } from 'preact'
import { Cancel } from './cancel.tsx'
import { Charts } from './charts.tsx'
import { bytes, compact, count, duration, ends, peerTail, percent, plural } from './format.ts'
import { Bar, Card, Cid, isOver, phaseMs, StatePill, Tile, totalMs } from './pieces.tsx'
import { hrefOf } from './route.ts'
import { TaskGrid } from './task-grid.tsx'
import { TaskPanel } from './task-panel.tsx'
import { Timeline } from './timeline.tsx'
import type { JobModel, Model } from '../src/model/model.ts'
import type { JobStatus, TaskKind } from '@ipfs-mapreduce/protocol'

interface Props {
  model: Model
  id: string
  chosen?: { kind: TaskKind, task: number }
}

/** One job: how far, who runs what, how fast, and what went wrong. */
export function JobPage ({ model, id, chosen }: Props): ComponentChildren {
  const job = model.job?.id === id ? model.job : undefined
  const status = job?.status
  if (job === undefined || status === undefined) return <Unknown id={id} known={job !== undefined} />
  const elapsedMs = totalMs(status)
  return (
    <div class={`page job-page${chosen === undefined ? '' : ' with-panel'}`}>
      <nav class="crumbs" aria-label="where you are"><a href="#/">Jobs</a><span aria-hidden="true">/</span><span class="mono">{ends(id)}</span></nav>
      <div class="hero">
        <h1>{status.spec.programName}</h1>
        <StatePill state={status.state} />
        {status.waiting !== undefined && <span class="pill state-waiting">waits {status.waiting}</span>}
        <span class="space" />
        {!isOver(status) && <Cancel job={id} />}
      </div>
      {status.reason !== undefined && status.state !== 'succeeded' && <p class={`reason state-${status.state}`} role="alert">{status.reason}</p>}
      <Tiles status={status} elapsedMs={elapsedMs} />
      <div class="card progress-card"><Bar kind="map" counts={status.maps} ms={phaseMs(status, 'map')} /><Bar kind="reduce" counts={status.reduces} ms={phaseMs(status, 'reduce')} /></div>
      {job.startedMs === undefined
        ? <Card title="Tasks"><p class="empty">Its course is not known any more: it ended long ago, or before this master started. What remains is below.</p></Card>
        : <Course model={model} job={job} elapsedMs={elapsedMs} {...chosen !== undefined && { chosen }} />}
      <Failures job={job} />
      <div class="facts">
        <Content status={status} />
        <Locality status={status} />
        <Counters status={status} />
        {status.warnings.length > 0 && <Card title="Warnings" note={plural(status.warnings.length, 'warning')}><ul class="warnings">{status.warnings.map((warning, i) => <li key={i}>{warning}</li>)}</ul></Card>}
      </div>
      {chosen !== undefined && <TaskPanel model={model} job={job} chosen={chosen} />}
    </div>
  )
}

function Unknown ({ id, known }: { id: string, known: boolean }): ComponentChildren {
  return <div class="page"><p class="empty" role="status">{known ? <>No job <span class="mono">{id}</span> is known here. <a href="#/">All jobs</a></> : 'Loading…'}</p></div>
}

function Tiles ({ status, elapsedMs }: { status: JobStatus, elapsedMs: number }): ComponentChildren {
  const { maps, reduces, records, inputBytes, counters, fetchedBytes } = status
  const failed = maps.failedAttempts + reduces.failedAttempts
  const backups = maps.backups + reduces.backups
  return (
    <dl class="tiles">
      <Tile label={isOver(status) ? 'Took' : 'Runs for'} value={duration(elapsedMs)} note={status.phases.some(({ name }) => name === 'plan') ? `planned in ${duration(phaseMs(status, 'plan')!)}` : 'planning'} />
      <Tile label="Records" value={compact(records)} note={elapsedMs > 0 ? `${compact(records / elapsedMs * 1000)}/s over all` : undefined} />
      <Tile label="Input" value={bytes(inputBytes)} note={plural(maps.total, 'map task')} />
      <Tile label="Shuffle" value={bytes(counters['shuffle.bytes'] ?? 0)} note={`${bytes(fetchedBytes)} fetched`} />
      <Tile label="Attempts" value={count(maps.attempts + reduces.attempts)} tone={failed > 0 ? 'caution' : ''} note={failed + backups === 0 ? 'none retried' : `${failed} without result${backups === 0 ? '' : ` · ${plural(backups, 'backup')}`}`} />
    </dl>
  )
}

function Course ({ model, job, elapsedMs, chosen }: { model: Model, job: JobModel, elapsedMs: number, chosen?: Props['chosen'] }): ComponentChildren {
  const of = (kind: TaskKind): number | undefined => chosen?.kind === kind ? chosen.task : undefined
  return (
    <>
      <Card title="Tasks" note="choose one to see its machine">
        <TaskGrid job={job.id} kind="map" states={job.map} chosen={of('map')} />
        <TaskGrid job={job.id} kind="reduce" states={job.reduce} chosen={of('reduce')} />
      </Card>
      <Card title="Timeline" note={plural(job.attempts.size, 'attempt')}>
        <Timeline job={job.id} attempts={job.attempts} roles={model.workers} untilMs={elapsedMs} />
      </Card>
      <Card title="Over time"><Charts samples={job.samples} over={job.status !== undefined && isOver(job.status)} /></Card>
    </>
  )
}

function Content ({ status }: { status: JobStatus }): ComponentChildren {
  const { spec, result, record, priority } = status
  // That of a job that has ended is let go.
  const checkpoint = isOver(status) ? undefined : status.checkpoint
  const cids = [['program', spec.program], ['input', spec.input], ['result', result], ['job record', record], ['checkpoint', checkpoint]] as const
  return (
    <Card title="Content" note="open with an IPFS node">
      <dl class="pairs">
        {cids.map(([label, cid]) => cid !== undefined && cid !== '' && <div key={label}><dt>{label}</dt><dd><Cid cid={cid} label={label} /></dd></div>)}
        <div><dt>reducers</dt><dd class="num">{spec.reducers}</dd></div>
        <div><dt>priority</dt><dd>{priority}</dd></div>
        {Object.entries(spec.args).map(([name, value]) => <div key={name}><dt>--arg {name}</dt><dd class="mono">{value}</dd></div>)}
      </dl>
    </Card>
  )
}

/** Splits that were read where their blocks are, and those that were fetched first. */
function Locality ({ status: { localSplits: local, remoteSplits: remote } }: { status: JobStatus }): ComponentChildren {
  const all = local + remote
  const around = 2 * Math.PI * 42
  return (
    <Card title="Splits by locality">
      <div class="locality">
        <svg viewBox="0 0 100 100" class="donut" role="img" aria-label={`${percent(local, all)} of the splits were read where their blocks are`}>
          <circle cx="50" cy="50" r="42" class="donut-rest" />
          {all > 0 && <circle cx="50" cy="50" r="42" class="donut-local" stroke-dasharray={`${around * local / all} ${around}`} transform="rotate(-90 50 50)" />}
          <text x="50" y="50" text-anchor="middle" dominant-baseline="central">{percent(local, all)}</text>
        </svg>
        <dl class="pairs">
          <div><dt><i class="swatch tone-ok" aria-hidden="true" />local</dt><dd class="num">{count(local)}</dd></div>
          <div><dt><i class="swatch tone-none" aria-hidden="true" />fetched first</dt><dd class="num">{count(remote)}</dd></div>
        </dl>
      </div>
    </Card>
  )
}

function Counters ({ status: { counters } }: { status: JobStatus }): ComponentChildren {
  const all = Object.entries(counters).sort(([a], [b]) => a < b ? -1 : 1)
  return (
    <Card title="Counters">
      {all.length === 0
        ? <p class="empty">nothing is counted before the first commit</p>
        : <table class="counters"><tbody>{all.map(([name, value]) => <tr key={name}><th scope="row">{name}</th><td class="num">{count(value)}</td></tr>)}</tbody></table>}
    </Card>
  )
}

/** What failed, newest first. Messages and stacks are a program's: text. */
function Failures ({ job: { id, failures, status } }: { job: JobModel }): ComponentChildren {
  const skipped = status?.skipped ?? []
  if (failures.length === 0 && skipped.length === 0) return null
  return (
    <Card title="Errors" note={`${plural(failures.length, 'attempt')} without a result`}>
      <ul class="failures">
        {failures.toReversed().map(({ kind, task, attempt, worker, outcome, code, message, stack, ms }) => (
          <li key={`${kind}.${task}.${attempt}`}>
            <div class="failure-head"><span class="pill state-failed">{outcome}</span><a href={hrefOf({ job: id, task: { kind, task } })}>{kind} {task}</a><span class="muted">attempt {attempt} at {peerTail(worker)}, {duration(ms)} in</span><span class="space" /><code>{code}</code></div>
            <p>{message}</p>
            {stack !== undefined && stack !== '' && <details><summary>stack of the program</summary><pre tabIndex={0}>{stack}</pre></details>}
          </li>
        ))}
        {skipped.map((record, i) => <li key={`skipped ${i}`}><div class="failure-head"><span class="pill state-waiting">skipped</span><span class="muted">{record.file === undefined ? `key ${record.key}` : `${record.file} at byte ${record.offset}`}</span></div><p>{record.message}</p></li>)}
      </ul>
    </Card>
  )
}
