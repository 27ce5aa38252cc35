/** Outputs of the stack: what a client needs to know of a deployment, read from CloudFormation by these names. */
export const STACK_OUTPUTS = {
  dataBucket: 'DataBucket',
  rawBucket: 'RawBucket',
  stateMachineArn: 'StateMachineArn',
  database: 'Database',
  workgroup: 'Workgroup',
  /** Where a browser shows the executions, and the dashboard. */
  console: 'Console',
  dashboard: 'DashboardUrl',
  /** Prefix of all names. */
  name: 'Name',
} as const
