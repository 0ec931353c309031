import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { shown } from './follow.ts'
import { dropToken, keepToken, tokenOf } from './token.ts'

/** Cancels a job, once it was asked twice; the master wants the token that it printed. */
export function Cancel ({ job }: { job: string }): ComponentChildren {
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [needs, setNeeds] = useState(tokenOf() === undefined)
  const [told, setTold] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    if (field.current !== null) keepToken(field.current.value)
    const response = await fetch(`api/cancel/${encodeURIComponent(job)}`, { method: 'POST', headers: shown() })
    if (response.ok) return dialog.current?.close()
    if (response.status === 401) {
      dropToken()
      setNeeds(true)
      setTold('This is not the token that the master printed at its start.')
    } else {
      setTold(await response.text())
    }
  }
  const confirm = (event: Event): void => {
    event.preventDefault()
    setBusy(true)
    send().catch((error: unknown) => { setTold(`The master did not answer: ${String(error)}`) }).finally(() => { setBusy(false) })
  }
  return (
    <>
      <button type="button" class="danger" onClick={() => { setTold(''); setNeeds(tokenOf() === undefined); dialog.current?.showModal() }}>Cancel job</button>
      <dialog ref={dialog} aria-labelledby="cancel-title" onClick={event => { if (event.target === dialog.current) dialog.current?.close() }}>
        <form onSubmit={confirm}>
          <h2 id="cancel-title">Cancel this job?</h2>
          <p>Attempts that run are stopped, and what the job made so far is released. This cannot be undone.</p>
          {needs && <label>Token, as the master printed it<input ref={field} type="password" autocomplete="off" required spellcheck={false} /></label>}
          {told !== '' && <p class="told" role="alert">{told}</p>}
          <div class="buttons end">
            <button type="button" onClick={() => { dialog.current?.close() }}>Keep it running</button>
            <button type="submit" class="danger solid" disabled={busy}>Cancel the job</button>
          </div>
        </form>
      </dialog>
    </>
  )
}
