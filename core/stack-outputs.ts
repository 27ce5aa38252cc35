/** Names of the CloudFormation outputs that the command line reads a deployment from. */
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
 * Names of the outputs with the roles' ARNs, for the owners of the raw bucket, its key or the data lake, who must let
 * them in.
 */
export const ROLE_OUTPUTS = {
  /** Lists the raw files of a day. */
  planDayRole: 'PlanDayRoleArn',
  /** Reads the raw files. */
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
