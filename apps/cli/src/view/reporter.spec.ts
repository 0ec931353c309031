import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { describe, expect, it } from '@jest/globals'
import { jobStatus } from './job-status.spec.support.ts'
import { createReporter } from './reporter.ts'

/** A terminal that notes what is written to it. */
class Terminal extends Writable {
  isTTY = true
  columns = 80
  rows = 24
  written = ''

  override _write (chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.written += chunk.toString()
    done()
  }

  /** What was written since the last time. */
  news (): string {
    const { written } = this
    this.written = ''
    return written
  }

  resize (columns: number): void {
    this.columns = columns
    this.emit('resize')
  }
}

function reporterOn (terminal: Terminal, quiet = false): ReturnType<typeof createReporter> {
  return createReporter({ stream: terminal as unknown as WriteStream, quiet, elapsed: () => 1400 })
}

describe('a live view', () => {
  it('clears all rows that a narrower terminal has made of what was drawn, and draws it anew', () => {
    const terminal = new Terminal()
    const report = reporterOn(terminal)
    report.job(jobStatus())
    // Five lines: title, map, reduce, commit, records. Of 40 columns three of them take two rows.
    const lines = terminal.news().replaceAll(/\x1b\[\??[\d;]*\w/g, '').trimEnd().split('\n')
    terminal.resize(40)
    const rows = lines.reduce((sum, line) => sum + Math.ceil(line.length / 40), 0)
    expect(rows).toBeGreaterThan(lines.length)
    expect(terminal.news()).toContain(`\r\x1b[${rows}A\x1b[J`)
    terminal.resize(120)
    expect(terminal.news()).not.toContain('\x1b[J')
    report.done()
  })

  it('clears nothing above it when nothing was drawn yet', () => {
    const terminal = new Terminal()
    const report = reporterOn(terminal)
    terminal.resize(40)
    report.step('reaching the master')
    expect(terminal.news()).not.toContain('\x1b[J')
    report.done()
  })

  it('keeps its bars below a note', () => {
    const terminal = new Terminal()
    const report = reporterOn(terminal)
    report.job(jobStatus())
    terminal.news()
    report.note('the master is back')
    expect(terminal.news()).toMatch(/the master is back\n[^]*word-count · job j1[^]*commit/)
    report.done()
  })

  it('says nothing where it is to be quiet', () => {
    const terminal = new Terminal()
    const report = reporterOn(terminal, true)
    report.job(jobStatus())
    report.note('a note')
    report.done()
    expect(terminal.written).toBe('')
  })
})
