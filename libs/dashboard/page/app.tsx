import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { JobPage } from './job-page.tsx'
import { Locked } from './locked.tsx'
import { Overview } from './overview.tsx'
import { useRoute } from './route.ts'
import { useSeen } from './store.ts'

export function App (): ComponentChildren {
  const { model, live, locked } = useSeen()
  const route = useRoute()
  const running = [...model.jobs.values()].filter(({ state }) => !['succeeded', 'failed', 'cancelled'].includes(state)).length
  const cluster = model.about?.cluster
  useEffect(() => {
    document.title = `${running > 0 ? `(${running}) ` : ''}${cluster === undefined ? '' : `${cluster} · `}IPFS MapReduce`
  }, [running, cluster])
  return (
    <>
      <a class="skip" href="#main" onClick={event => { event.preventDefault(); document.getElementById('main')?.focus() }}>Skip to content</a>
      <header class="bar">
        <a class="brand" href="#/" aria-label="IPFS MapReduce, all jobs">
          <Logo />
          <span class="brand-name">IPFS <b>MapReduce</b></span>
        </a>
        {cluster !== undefined && <span class="chip" title="the cluster's name">{cluster}</span>}
        <span class="space" />
        {model.about !== undefined && <span class="chip quiet wide-only" title={`master ${model.about.peer}`}>v{model.about.version}</span>}
        <span class={`live ${live ? 'on' : 'off'}`} role="status"><i aria-hidden="true" />{live ? 'live' : locked !== undefined ? 'locked' : model.about === undefined ? 'connecting…' : 'reconnecting…'}</span>
      </header>
      <main id="main" tabIndex={-1}>
        {locked !== undefined ? <Locked again={locked === 'another token'} /> : route.job === undefined ? <Overview model={model} /> : <JobPage key={route.job} model={model} id={route.job} {...route.task !== undefined && { chosen: route.task }} />}
      </main>
    </>
  )
}

function Logo (): ComponentChildren {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 2 28.1 9 16 16 3.9 9z" fill="var(--map)" />
      <path d="M16 16v14L3.9 23V9z" fill="var(--map-deep)" />
      <path d="M16 16v14l12.1-7V9z" fill="var(--reduce)" />
      <path d="M16 16 10 19.5v7L16 30l6-3.5v-7z" fill="var(--ok)" />
    </svg>
  )
}
