import type { ROLE_OUTPUTS, STACK_OUTPUTS } from '../core/stack-outputs.ts'

/** Purpose of each output of the pipeline's stack, in a sentence that CloudFormation shows beside the value. */
export const OUTPUT_DESCRIPTIONS: Readonly<
  Record<keyof typeof STACK_OUTPUTS | keyof typeof ROLE_OUTPUTS, string>
> = {
  dataBucket:
    'Bucket with the Parquet files, the ledger and the records of executions. It belongs to the data stack.',
  rawBucket: 'Bucket with the raw files. It is only read.',
  stateMachineArn: 'ARN of the state machine. Each run is one of its executions.',
  database: 'Glue database of the tables.',
  workgroup: 'Athena workgroup of the queries of the pipeline and the command line.',
  console: 'Address of the Step Functions console, to look at executions and to start one.',
  dashboard: 'CloudWatch dashboard of the state of the data and of runs.',
  name: 'Prefix of the names of all resources of this deployment.',
  alarmTopic: 'SNS topic of alarms and of notices of failed executions. Subscribe to it.',
  planDayRole: 'Role that lists the raw files of a day. The policy of the raw bucket must allow it.',
  jobRole:
    'Role of the jobs, which read raw files. The policies of the raw bucket and of its key must allow it.',
  planRole: 'Role of the function that expands an execution into days.',
  publishDayRole: 'Role of the function that publishes a day.',
  collectRole: 'Role of the function that collects the outcomes of the days.',
  crawlRole: 'Role of the function that starts the crawlers.',
  verifyRole: "Role of the function that compares Athena's row counts with the manifests.",
  stateMachineRole: 'Role of executions, which call functions and start jobs.',
  scheduleRole: 'Role of the schedule, which starts executions.',
  crawlerRole: 'Role of the crawlers, which read tables and data.',
}
