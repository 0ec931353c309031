import type { ComponentChildren } from 'preact'
import { Door } from './door.tsx'
import { bytes, compact, duration, ends, peerTail, plural } from './format.ts'
import { Bar, Card, isOver, StatePill, Tile, totalMs } from './pieces.tsx'
import { hrefOf } from './route.ts'
import type { Model } from '../src/model/model.ts'
import type { JobStatus, WorkerStatus } from '@ipfs-mapreduce/protocol'

/** Slots that are drawn one by one; a worker with more gets a bar. */
const MAX_DRAWN_SLOTS = 32

/** All jobs, the newest first, and all workers. */
export function Overview ({ model }: { model: Model }): ComponentChildren {
  const jobs = [...model.jobs.values()].reverse().sort((a, b) => Number(isOver(a)) - Number(isOver(b)))
  const workers = [...model.workers.values()].sort((a, b) => a.role.localeCompare(b.role) || a.peer.localeCompare(b.peer))
  const slots = workers.reduce((sum, { slots }) => sum + slots, 0)
  const busy = workers.reduce((sum, { running }) => sum + running, 0)
  const open = jobs.filter(job => !isOver(job))
  const failed = jobs.filter(({ state }) => state === 'failed').length
  return (
    <div class="page">
      <h1 class="hidden">Jobs and workers</h1>
      <dl class="tiles">
        <Tile label="Jobs open" value={open.length} note={`${plural(jobs.length - open.length, 'has', 'have')} ended`} />
        <Tile label="Failed" value={failed} tone={failed > 0 ? 'bad' : ''} note={failed > 0 ? 'their reasons are with them' : 'none'} />
        <Tile label="Workers" value={workers.length} note={`${workers.filter(({ role }) => role !== 'reducer').length} map, ${workers.filter(({ role }) => role !== 'mapper').length} reduce`} />
        <Tile label="Slots busy" value={<>{busy}<span class="of">/{slots}</span></>} note={slots === 0 ? 'nobody has joined' : `${Math.round(100 * busy / slots)} % of what there is`} />
      </dl>
      <div class="overview-grid">
        <Card title="Jobs" note={jobs.length > 0 && 'newest first'}>
          {jobs.length === 0 ? <NoJobs /> : <ul class="jobs">{jobs.map(job => <JobRow key={job.job} job={job} />)}</ul>}
        </Card>
        <div class="stack">
          <Card title="Workers" note={workers.length > 0 && 'slots and load'}>
            {workers.length === 0 ? <p class="empty">No worker has joined yet. <code>npx nx serve mapper</code> starts one.</p> : <ul class="workers">{workers.map(worker => <WorkerRow key={worker.peer} worker={worker} />)}</ul>}
          </Card>
          <Door door={model.door} />
        </div>
      </div>
    </div>
  )
}

function NoJobs (): ComponentChildren {
  return (
    <div class="empty">
      <p>No job yet. Send one:</p>
      <pre class="mono">npx ipmr run word-count book.txt --connect MULTIADDR</pre>
    </div>
  )
}

function JobRow ({ job }: { job: JobStatus }): ComponentChildren {
  const { state, spec, maps, reduces, reason, waiting, records, inputBytes } = job
  return (
    <li>
      <a class="job" href={hrefOf({ job: job.job })}>
        <div class="job-top">
          <span class="job-name">{spec.programName}</span>
          <StatePill state={state} />
          <span class="space" />
          <span class="num muted">{duration(totalMs(job))}</span>
        </div>
        <div class="job-bars"><Bar kind="map" counts={maps} /><Bar kind="reduce" counts={reduces} /></div>
        <div class="job-facts">
          <span class="mono">{ends(job.job)}</span>
          {inputBytes > 0 && <span>{bytes(inputBytes)}</span>}
          {records > 0 && <span>{compact(records)} records</span>}
          {job.priority !== 'normal' && <span>{job.priority} priority</span>}
          {maps.failedAttempts + reduces.failedAttempts > 0 && <span class="warn">{plural(maps.failedAttempts + reduces.failedAttempts, 'retry', 'retries')}</span>}
          {waiting !== undefined && <span class="warn">waits {waiting}</span>}
        </div>
        {reason !== undefined && <p class="job-reason">{reason.split('\n')[0]}</p>}
      </a>
    </li>
  )
}

export function WorkerRow ({ worker: { peer, role, slots, running, state } }: { worker: WorkerStatus }): ComponentChildren {
  return (
    <li class={`worker presence-${state}`}>
      <span class={`kind-mark ${role === 'mapper' ? 'map' : 'reduce'}`} aria-hidden="true">{role === 'worker' ? 'W' : role === 'mapper' ? 'M' : 'R'}</span>
      <span class="worker-name"><span>{role}</span> <span class="mono" title={peer}>{peerTail(peer)}</span></span>
      {state !== 'ready' && <span class="pill state-waiting">{state}</span>}
      <span class="space" />
      <span class="slots" role="img" aria-label={`${running} of ${slots} slots busy`}>
        {slots <= MAX_DRAWN_SLOTS && Array.from({ length: slots }, (_, slot) => <i key={slot} class={slot < running ? `busy ${role === 'mapper' ? 'map' : 'reduce'}` : ''} />)}
      </span>
      <span class="num muted">{running}/{slots}</span>
    </li>
  )
}
