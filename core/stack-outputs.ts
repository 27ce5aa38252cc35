/** Outputs of the stack: what a client needs to know of a deployment, read from CloudFormation by these names. */
export const STACK_OUTPUTS = {
  dataBucket: 'DataBucket',
  rawBucket: 'RawBucket',
  stateMachineArn: 'StateMachineArn',
  database: 'Database',
  workgroup: 'Workgroup',
  /** Prefix of all names. */
  name: 'Name',
} as const
