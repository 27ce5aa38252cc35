/** Names of the CloudFormation outputs by which the command line finds the parts of a deployment. */
export const STACK_OUTPUTS = {
  dataBucket: 'DataBucket',
  rawBucket: 'RawBucket',
  stateMachineArn: 'StateMachineArn',
  database: 'Database',
  workgroup: 'Workgroup',
  /** Console page of the executions, for a browser. */
  console: 'Console',
  dashboard: 'DashboardUrl',
  /** Prefix of all names of the deployment. */
  name: 'Name',
  /** SNS topic of the alarms. */
  alarmTopic: 'AlarmTopicArn',
} as const

/**
 * Names of the CloudFormation outputs with the roles' ARNs. The owners of the raw bucket, of its key or of the data
 * lake need them to grant the roles access.
 */
export const ROLE_OUTPUTS = {
  /** Role that lists the raw files of a day. */
  planDayRole: 'PlanDayRoleArn',
  /** Role that reads the raw files. */
  jobRole: 'JobRoleArn',
  planRole: 'PlanRoleArn',
  publishDayRole: 'PublishDayRoleArn',
  collectRole: 'CollectRoleArn',
  crawlRole: 'CrawlRoleArn',
  verifyRole: 'VerifyRoleArn',
  stateMachineRole: 'StateMachineRoleArn',
  scheduleRole: 'ScheduleRoleArn',
  /** Role of the crawlers; no output if there are none. */
  crawlerRole: 'CrawlerRoleArn',
} as const
