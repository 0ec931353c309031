import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseScreen } from './screen.ts'
import { renderSvg } from './svg.ts'
import type { Frame, Size } from './svg.ts'

/** Between two looks at the screen. */
const LOOK_MS = 120
/** How long the first and the last screen are shown. */
const FIRST_MS = 800
const LAST_MS = 6_000
/** A command that takes longer is not one for a picture. */
const LONGEST_MS = 120_000

/** Types a command into a shell in tmux, as a person would, and films the screen until it has ended. */
export async function record (command: string, path: string, { columns, rows }: Size): Promise<number> {
  const socket = `ipmr-record-${process.pid}`
  const tmux = (...args: string[]): string => execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' })
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), `env PS1='$ ' sh`)
  try {
    const screen = (): string => tmux('capture-pane', '-e', '-p')
    const frames: Array<{ captured: string, ms: number }> = []
    tmux('send-keys', '-l', command)
    const typed = await appears(screen, command)
    frames.push({ captured: typed, ms: FIRST_MS })
    let ended = false
    tmux('send-keys', 'Enter')
    const endMs = performance.now() + LONGEST_MS
    while (!ended) {
      const fromMs = performance.now()
      if (fromMs > endMs) throw new Error(`${command} has not ended within ${LONGEST_MS / 1000} s`)
      await pause(LOOK_MS)
      const captured = screen()
      const last = frames.at(-1)!
      const ms = performance.now() - fromMs
      if (captured === last.captured) last.ms += ms
      else frames.push({ captured, ms })
      ended = tmux('display-message', '-p', '#{pane_current_command}').trim() === 'sh' && captured.trimEnd().endsWith('$')
    }
    frames.at(-1)!.ms = LAST_MS
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, renderSvg(frames.map(({ captured, ms }): Frame => ({ rows: parseScreen(captured), ms: Math.round(ms) })), { columns, rows }, command))
    return frames.length
  } finally {
    tmux('kill-server')
  }
}

async function appears (screen: () => string, text: string): Promise<string> {
  const endMs = performance.now() + 5_000
  for (;;) {
    const captured = screen()
    if (captured.includes(text)) return captured
    if (performance.now() > endMs) throw new Error(`the shell does not show ${text}`)
    await pause(20)
  }
}
