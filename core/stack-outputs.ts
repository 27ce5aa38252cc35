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

/** Outputs that name roles: whoever owns the raw bucket, its key or the data lake has to let them in. */
export const ROLE_OUTPUTS = {
  /** Lists the raw files of a day. */
  planDayRole: 'PlanDayRoleArn',
  /** Reads them. */
  jobRole: 'JobRoleArn',
} as const
