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
  /** SNS topic that alarms are sent to. */
  alarmTopic: 'AlarmTopicArn',
} as const

/** Outputs that name roles, in full: whoever owns the raw bucket, its key or the data lake has to let them in. */
export const ROLE_OUTPUTS = {
  /** Lists the raw files of a day. */
  planDayRole: 'PlanDayRoleArn',
  /** Reads them. */
  jobRole: 'JobRoleArn',
  planRole: 'PlanRoleArn',
  publishDayRole: 'PublishDayRoleArn',
  collectRole: 'CollectRoleArn',
  crawlRole: 'CrawlRoleArn',
  verifyRole: 'VerifyRoleArn',
  stateMachineRole: 'StateMachineRoleArn',
  scheduleRole: 'ScheduleRoleArn',
  /** Of the crawlers, where there are any. */
  crawlerRole: 'CrawlerRoleArn',
} as const
