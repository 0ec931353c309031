import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { duration, ends } from './format.ts'
import type { JobStatus, TaskCounts, TaskKind } from '@ipfs-mapreduce/protocol'

const STATE_MARKS: Record<string, string> = { succeeded: '✓', failed: '✕', cancelled: '–', queued: '…' }

/** A job's state, told by a word and a mark, not by colour alone. */
export function StatePill ({ state }: { state: string }): ComponentChildren {
  return <span class={`pill state-${state}`}>{STATE_MARKS[state] === undefined ? <i class="pulse" aria-hidden="true" /> : <span aria-hidden="true">{STATE_MARKS[state]}</span>}{state}</span>
}

export function Bar ({ kind, counts, ms }: { kind: TaskKind, counts: TaskCounts, ms?: number | undefined }): ComponentChildren {
  const { total, committed, running, failed } = counts
  // Widths as attributes of an image: a style would be an inline one.
  const share = (n: number): number => total === 0 ? 0 : 1000 * n / total
  const done = share(committed)
  return (
    <div class={`bar-row ${kind}`} role="progressbar" aria-label={`${kind} tasks`} aria-valuemin={0} aria-valuemax={total} aria-valuenow={committed} aria-valuetext={`${committed} of ${total} ${kind} tasks committed, ${running} running, ${failed} failed`}>
      <span class="bar-label">{kind}</span>
      <svg class="bar-track" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-base" width="1000" height="10" />
        <rect class="bar-done" width={done} height="10" />
        <rect class="bar-running" x={done} width={share(running)} height="10" />
        <rect class="bar-failed" x={done + share(running)} width={share(failed)} height="10" />
      </svg>
      <span class="bar-count num">{committed}<span class="of">/{total}</span>{ms !== undefined && <span class="of"> in {duration(ms)}</span>}</span>
    </div>
  )
}

export function Card ({ title, note, wide, children, label }: { title: string, note?: ComponentChildren, wide?: boolean, children: ComponentChildren, label?: string }): ComponentChildren {
  const id = `card-${(label ?? title).toLowerCase().replaceAll(/[^a-z]+/g, '-')}`
  return (
    <section class={`card${wide === true ? ' span' : ''}`} aria-labelledby={id}>
      <div class="card-head"><h2 id={id}>{title}</h2>{note !== undefined && <div class="note">{note}</div>}</div>
      {children}
    </section>
  )
}

/** A CID: a link that an IPFS-aware browser opens, and a button that copies it. */
export function Cid ({ cid, label }: { cid: string, label: string }): ComponentChildren {
  const [copied, setCopied] = useState(false)
  const copy = (): void => {
    navigator.clipboard.writeText(cid).then(() => {
      setCopied(true)
      setTimeout(() => { setCopied(false) }, 1500)
    }, () => { setCopied(false) })
  }
  return (
    <span class="cid">
      <a class="mono" href={`ipfs://${cid}`} title={cid}>{ends(cid)}</a>
      <button type="button" class="icon-button" onClick={copy} aria-label={copied ? `${label} copied` : `copy the CID of the ${label}`}>{copied ? '✓' : <CopyIcon />}</button>
    </span>
  )
}

function CopyIcon (): ComponentChildren {
  return <svg viewBox="0 0 16 16" class="icon" aria-hidden="true"><rect x="5.5" y="5.5" width="8" height="8" rx="1.5" fill="none" stroke="currentColor" stroke-width="1.3" /><path d="M10.5 5.5v-2A1.5 1.5 0 0 0 9 2H4a1.5 1.5 0 0 0-1.5 1.5V9A1.5 1.5 0 0 0 4 10.5h1.5" fill="none" stroke="currentColor" stroke-width="1.3" /></svg>
}

export function Tile ({ label, value, note, tone }: { label: string, value: ComponentChildren, note?: ComponentChildren, tone?: string }): ComponentChildren {
  return <div class={`tile ${tone ?? ''}`}><dt>{label}</dt><dd class="num">{value}</dd>{note !== undefined && <dd class="tile-note">{note}</dd>}</div>
}

export const isOver = ({ state }: Pick<JobStatus, 'state'>): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled'

export function totalMs (status: Pick<JobStatus, 'phases'>): number {
  return phaseMs(status, 'total') ?? 0
}

/** Undefined where the phase has not ended. */
export function phaseMs ({ phases }: Pick<JobStatus, 'phases'>, phase: string): number | undefined {
  return phases.find(({ name }) => name === phase)?.ms
}
