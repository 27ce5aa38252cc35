import type { Definition } from '../language/definition.ts'
import { executionArn } from '../records/arns.ts'
import type { ExecutionRecord, ExecutionStore } from '../records/store.ts'
import {
  launch,
  newRecord,
  redrive,
  type ExecutionsState,
  type LiveExecution,
  type Program,
} from './launch.ts'
import { mapRunStarter } from './map-run.ts'

/** A state machine whose definition has been checked. */
export interface Machine {
  readonly arn: string
  readonly name: string
  readonly definition: Definition
  /** The definition as it was deployed, before parsing: it is stored with each execution. */
  readonly source: unknown
}

/**
 * Starts a new execution of a state machine and returns before any state has run.
 *
 * @param name name that no execution of the machine has had
 * @param input JSON text
 */
export function startExecution(
  shared: ExecutionsState,
  machine: Machine,
  name: string,
  input: string,
): LiveExecution {
  const identity = { arn: executionArn(machine.arn, name), name, stateMachineArn: machine.arn }
  const first = newRecord(identity, input, machine.definition.StartAt, shared.world.now())
  const record = { ...first, definition: shared.store.saveDefinition(machine.name, machine.source) }
  return launch(shared, record, programOf(machine), mapRunStarter)
}

/**
 * Continues an execution that ended without success, beginning with the state in which it ended.
 *
 * @param machine the machine with the definition that the execution was started with
 */
export function redriveExecution(
  shared: ExecutionsState,
  machine: Machine,
  record: ExecutionRecord,
): LiveExecution {
  return redrive(shared, record, programOf(machine), mapRunStarter)
}

function programOf(machine: Machine): Program {
  const { definition, arn, name } = machine
  return { graph: definition, machineArn: arn, machineName: name, timeoutSeconds: definition.TimeoutSeconds }
}

/**
 * Marks executions and Map Runs as aborted that an earlier process has left running. Must not be called while another
 * process runs executions in the same home.
 *
 * @param now end time to store, in milliseconds since 1970
 */
export function abortEarlierExecutions(store: ExecutionStore, now: number): void {
  for (const record of store.running()) {
    if (record.status === 'RUNNING') {
      store.save({ ...record, status: 'ABORTED', stopDate: now, cause: 'The process that ran it is gone.' })
    }
    for (const arn of record.mapRuns) {
      const mapRun = store.readMapRun(arn)
      if (mapRun?.status === 'RUNNING') store.saveMapRun({ ...mapRun, status: 'ABORTED', stopDate: now })
    }
    store.unmarkRunning(record.arn)
  }
}
