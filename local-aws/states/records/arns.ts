/**
 * Builds and parses ARNs of Step Functions.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */

/** The parts of the ARN of an execution or a Map Run. */
export interface ExecutionId {
  /** Name of the state machine. */
  readonly machine: string
  /** Label of the Distributed Map; absent in the ARN of an execution that no Map has started. */
  readonly label?: string
  /** Name of the execution, or id of the Map Run. */
  readonly name: string
}

/**
 * Returns the ARN of the execution with a name.
 *
 * @param machineArn ARN of the state machine; for a child, the result of `childMachineArn`
 */
export function executionArn(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`
}

/**
 * Returns the ARN of the Map Run with an id.
 *
 * @param machineArn ARN of the state machine
 * @param label label of the Distributed Map
 */
export function mapRunArn(machineArn: string, label: string, id: string): string {
  return `${machineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${id}`
}

/** Returns the ARN of the state machine to which the child executions of a Distributed Map belong. */
export const childMachineArn = (machineArn: string, label: string) => `${machineArn}/${label}`

/** Parses an ARN of the given kind; undefined for any other text, also for an ARN of the other kind. */
export function parseArn(arn: string, kind: 'execution' | 'mapRun'): ExecutionId | undefined {
  const match = /^arn:aws:states:[^:]*:\d+:(\w+):([^:/]+)(?:\/([^:/]+))?:([^:/]+)$/.exec(arn)
  if (!match || match[1] !== kind) return undefined
  const [, , machine, label, name] = match
  return { machine: machine!, ...(label !== undefined && { label }), name: name! }
}

/** Returns true for the ARN of an execution that a Distributed Map has started. */
export const isChildArn = (arn: string) => parseArn(arn, 'execution')?.label !== undefined

/** Returns the region in an ARN. */
export const regionOf = (arn: string) => arn.split(':')[3]!
