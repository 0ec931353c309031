import type { Bench } from './bench.ts'
import type { JobContenderInit } from './job-contender.ts'
import type { Footprint } from './process-tree.ts'

/** One timed run of one contender. */
export interface Sample {
  seconds: number
  /** What its output says, in a form that is the same for all contenders; none where there is nothing to compare. */
  check?: string
  footprint?: Footprint
  /** Seconds of each phase of a job, as its master tells them. */
  phases?: Record<string, number>
}

/** Something that does the work: this project, or what a user would pick instead. */
export interface Contender {
  name: string
  /** Runs at most so often; as often as the others by default. */
  turns?: number
  /** Does it once. @param turn - counts from 0; contenders of one turn have the same input */
  run: (turn: number) => Promise<Sample>
}

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
  /** Whether `--size` chooses. */
  sizable: boolean
  /** What takes milliseconds is measured so many times for each run that is asked for. */
  turnsPerRun?: number
  prepare: (bench: Bench, size: number) => Promise<Stage>
}

export const OURS = 'cluster'
