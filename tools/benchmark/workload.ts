import type { Bench } from './bench.ts'
import type { Contender } from './contender.ts'
import type { JobContenderInit } from './job-contender.ts'

/** A workload with its input made. */
export interface Stage {
  /** This project's first. */
  contenders: Contender[]
  /** The job, where there is one to profile. */
  job?: JobContenderInit
  /** What is not compared, and why. */
  notes?: string[]
  close?: () => Promise<void>
}

export interface Workload {
  name: string
  /** What is done, in one line. */
  title: string
  /** What `size` counts. */
  unit: 'bytes' | 'files' | 'jobs'
  /** Sizes of a whole run, and of a quick one. */
  sizes: number[]
  quickSize: number
  /** The least that is a test of it, where no `--size` chooses; otherwise its quick one. */
  leastSize?: number
  /** Whether `--size` chooses. */
  sizable: boolean
  /** What takes milliseconds is measured so many times for each run that is asked for. */
  turnsPerRun?: number
  /** The same of a quick run, where each rests for longer than it takes. */
  quickTurnsPerRun?: number
  /** `turns`: how often each contender will run. */
  prepare: (bench: Bench, size: number, turns: number) => Promise<Stage>
}
