/**
 * Builds and parses ARNs of Step Functions.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */

/** The parts of an execution's or a Map Run's ARN. */
export interface ExecutionId {
  readonly machine: string
  /** Label of the Map that started it; absent unless it is a child or a Map Run. */
  readonly label?: string
  readonly name: string
}

/** Returns the ARN of a machine's execution. */
export function executionArn(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`
}

/** Returns the ARN of a Map Run. */
export function mapRunArn(machineArn: string, label: string, id: string): string {
  return `${machineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${id}`
}

/** Returns the ARN of the machine that children of a Map belong to. */
export const childMachineArn = (machineArn: string, label: string) => `${machineArn}/${label}`

/** Parses the ARN of an execution or a Map Run; undefined for any other text. */
export function parseArn(arn: string, kind: 'execution' | 'mapRun'): ExecutionId | undefined {
  const match = /^arn:aws:states:[^:]*:\d+:(\w+):([^:/]+)(?:\/([^:/]+))?:([^:/]+)$/.exec(arn)
  if (!match || match[1] !== kind) return undefined
  const [, , machine, label, name] = match
  return { machine: machine!, ...(label !== undefined && { label }), name: name! }
}

/** True for the ARN of a Map's child. */
export const isChildArn = (arn: string) => parseArn(arn, 'execution')?.label !== undefined

/** Returns the region in an ARN. */
export const regionOf = (arn: string) => arn.split(':')[3]!
