import { startAlarms, type AlarmChange, type AlarmDeclaration } from '@dayfold/local-aws/alarms'
import { metricStore, type MetricStore } from '@dayfold/local-aws/metrics'

const HOUR = 3_600_000

/** The alarms of a deployment, evaluated as its clock goes on. */
export interface Watch {
  readonly metrics: MetricStore
  readonly names: readonly string[]
  /** Every change of a state so far. */
  readonly changes: readonly AlarmChange[]
  /** Names of the alarms that are in a state. */
  in(state: AlarmChange['to']): string[]
  /** Evaluates the alarms. */
  look(): void
  /** Lets hours pass, and evaluates the alarms each hour. */
  pass(hours: number): void
}

/** Watches alarms by a clock that can jump. */
export function watch(
  declarations: readonly AlarmDeclaration[],
  clock: { now(): number; advance(milliseconds: number): void },
): Watch {
  const metrics = metricStore()
  const alarms = startAlarms(declarations, metrics)
  const changes: AlarmChange[] = []
  const look = () => void changes.push(...alarms.evaluate(clock.now()))
  return {
    metrics,
    names: alarms.names,
    changes,
    in: (state) =>
      alarms.names
        .filter((name) => alarms.stateOf(name) === state)
        .map(withoutPrefix)
        .sort(),
    look,
    pass(hours) {
      for (let hour = 0; hour < hours; hour++) {
        clock.advance(HOUR)
        look()
      }
    },
  }
}

/** Returns `NotFresh` for `dayfold--NotFresh`. */
export const withoutPrefix = (name: string) => name.replace(/^.*--/, '')
