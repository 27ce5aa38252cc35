import type { ROLE_OUTPUTS, STACK_OUTPUTS } from '../core/stack-outputs.ts'

/** Purpose of each output of the pipeline's stack, in a sentence that CloudFormation shows beside the value. */
export const OUTPUT_DESCRIPTIONS: Readonly<
  Record<keyof typeof STACK_OUTPUTS | keyof typeof ROLE_OUTPUTS, string>
> = {
  dataBucket: 'Bucket of the Parquet files, the ledger and the records of runs, made by the data stack.',
  rawBucket: 'Bucket that raw files are read from, never written to.',
  stateMachineArn: 'State machine that a run is an execution of.',
  database: 'Glue database of the tables.',
  workgroup: 'Athena workgroup that the pipeline and the command line query in.',
  console: 'Executions in the Step Functions console, where one can be started by hand.',
  dashboard: 'CloudWatch dashboard on the state of the data and of runs.',
  name: 'Begins the names of everything that this deployment has made.',
  alarmTopic: 'SNS topic that alarms and failed executions are told to: subscribe to it.',
  planDayRole: 'Role that lists the raw files of a day: the owner of the raw bucket lets it in.',
  jobRole: 'Role that reads raw files in the jobs: the owners of the raw bucket and of its key let it in.',
  planRole: 'Role of the function that expands an execution into days.',
  publishDayRole: 'Role of the function that shows a day in the catalog.',
  collectRole: 'Role of the function that gathers what became of the days.',
  crawlRole: 'Role of the function that starts the crawlers.',
  verifyRole: "Role of the function that holds the tables against Athena's counts.",
  stateMachineRole: 'Role that executions call functions and start jobs with.',
  scheduleRole: 'Role that the schedule starts executions with.',
  crawlerRole: 'Role that the crawlers read tables and data with.',
}
