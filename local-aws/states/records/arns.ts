/**
 * ARNs of Step Functions, apart and together.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */

/** An execution's ARN, taken apart. */
export interface ExecutionId {
  readonly machine: string
  /** Of the Map that started it; absent: no child. */
  readonly label?: string
  readonly name: string
}

/** ARN of a machine's execution. */
export function executionArn(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`
}

/** ARN of a Map Run. */
export function mapRunArn(machineArn: string, label: string, id: string): string {
  return `${machineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${id}`
}

/** ARN of the machine that the children of a Map belong to. */
export const childMachineArn = (machineArn: string, label: string) => `${machineArn}/${label}`

/** The parts of an execution's or a Map Run's ARN, or undefined for another text. */
export function parseArn(arn: string, kind: 'execution' | 'mapRun'): ExecutionId | undefined {
  const match = /^arn:aws:states:[^:]*:\d+:(\w+):([^:/]+)(?:\/([^:/]+))?:([^:/]+)$/.exec(arn)
  if (!match || match[1] !== kind) return undefined
  const [, , machine, label, name] = match
  return { machine: machine!, ...(label !== undefined && { label }), name: name! }
}

/** True for the ARN of a Map's child. */
export const isChildArn = (arn: string) => parseArn(arn, 'execution')?.label !== undefined

/** The region in an ARN. */
export const regionOf = (arn: string) => arn.split(':')[3]!
