import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { unlock } from './store.ts'

/** Asks for the token, without which a master that is shown beyond its machine tells nothing of jobs. */
export function Locked ({ again }: { again: boolean }): ComponentChildren {
  const field = useRef<HTMLInputElement>(null)
  return (
    <form class="locked" onSubmit={event => { event.preventDefault(); unlock(field.current!.value) }}>
      <h1>Which token did the master print?</h1>
      <p>This master is shown beyond its own machine, so what its jobs are about is for who has the token alone. The link that it printed at its start has it, too.</p>
      <label>Token<input ref={field} type="password" autocomplete="off" required spellcheck={false} autofocus /></label>
      {again && <p class="told" role="alert">This is not the token that the master printed at its start.</p>}
      <div class="buttons end"><button type="submit">Look</button></div>
    </form>
  )
}
