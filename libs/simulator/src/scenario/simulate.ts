import { drawScenario } from './draw.ts'
import { runScenario, type Report } from './run.ts'

/** Runs the scenario that a seed draws. */
export async function simulate (seed: number | string): Promise<Report> {
  return await runScenario(drawScenario(seed))
}
