import type { OptionValues } from './config.ts'

/**
 * The options of a deployment, as in the context of cdk.json. `npm run docs` makes this file from the table of options,
 * and a test compares them.
 */
export interface DayfoldOptions {
  /** Bucket that holds the raw files, which are only read. Must be set. Allowed: the name of an existing bucket. */
  readonly rawBucket: OptionValues['rawBucket']
  /** Prefix of the names of everything in the account: stack, state machine, functions, crawlers, jobs. Allowed: at most 20 lower-case letters, digits and single hyphens, a letter first, not ending in -data. @default `dayfold` */
  readonly name?: OptionValues['name'] | undefined
  /** Name of the data bucket, which the stack `<name>-data` makes; none: `<name>-data-<account>-<region>`. Allowed: a name that a bucket may have. @default none */
  readonly dataBucket?: OptionValues['dataBucket'] | undefined
  /** Name of the Glue database; none: that of `name`, hyphens as underscores. Allowed: lower-case letters, digits and underscores, a letter first. @default none */
  readonly database?: OptionValues['database'] | undefined
  /** Settings of single datasets by name: `rawPrefix` (the dataset's name), `timeZone` of the raw prefix's days (UTC), `lookbackDays` that a scheduled run covers besides today (7); and, in the place of what its module says, `rawFiles`, `rawLayout`, `unreadable`, `maxRejectedRatio`, `rejectedFloor`, `recordTimeoutSeconds`, `instanceType`, `volumeSizeGb`, `workers`, `maxConcurrency`, `expectNewDataHours`. Allowed: an object such as {"jobs": {"rawPrefix": "raw/jobs", "timeZone": "Europe/Vienna", "lookbackDays": 7}}. @default `{}` */
  readonly datasets?: OptionValues['datasets'] | undefined
  /** Module that exports the datasets. Allowed: the path of a module that exports `datasets`. */
  readonly datasetsFile: OptionValues['datasetsFile']
  /** When a run starts, in UTC. Allowed: an EventBridge cron expression of six fields such as cron(10 0/3 * * ? *). @default `cron(10 0/3 * * ? *)` */
  readonly schedule?: OptionValues['schedule'] | undefined
  /** True lets the schedule start runs. Allowed: true or false. @default `true` */
  readonly scheduleEnabled?: OptionValues['scheduleEnabled'] | undefined
  /** Dataset-days that are worked on at once: keep it within the quota of instances for processing jobs. Allowed: a whole number from 1 to 1000. @default `10` */
  readonly maxConcurrency?: OptionValues['maxConcurrency'] | undefined
  /** Dataset-days at once, out of `maxConcurrency`, that each execution leaves free for the schedule unless the schedule started it; none: 2, or fewer where `maxConcurrency` is below 3. Allowed: a whole number from 0, less than maxConcurrency. @default none */
  readonly reservedForSchedule?: OptionValues['reservedForSchedule'] | undefined
  /** Instance of each job. Its cores are the workers. Allowed: a SageMaker instance type such as ml.m5.2xlarge. @default `ml.m5.2xlarge` */
  readonly instanceType?: OptionValues['instanceType'] | undefined
  /** Size of each job's volume in GB: little is enough, since nothing is copied to it first. Allowed: a whole number from 1 to 16384. @default `10` */
  readonly volumeSizeGb?: OptionValues['volumeSizeGb'] | undefined
  /** Seconds after which a job is stopped. Allowed: a whole number from 60 to 777600. @default `14400` */
  readonly maxRuntimeSeconds?: OptionValues['maxRuntimeSeconds'] | undefined
  /** Most rows of a Parquet file. Allowed: a whole number from 1 to 1048576. @default `1048576` */
  readonly partRows?: OptionValues['partRows'] | undefined
  /** Most bytes of a Parquet file. Allowed: a whole number from 1048576 to 1073741824. @default `1073741824` */
  readonly partBytes?: OptionValues['partBytes'] | undefined
  /** Fewest rows of a row group, except the last of a file. Allowed: a whole number from 1 to 1048576. @default `65536` */
  readonly rowGroupRows?: OptionValues['rowGroupRows'] | undefined
  /** Minutes that the files of a replaced day stay: longer than any query runs (Athena stops one after 30 minutes, unless the account's quota is another). Allowed: a whole number from 29 to 10080. @default `60` */
  readonly queryGraceMinutes?: OptionValues['queryGraceMinutes'] | undefined
  /** When the crawler of a dataset's table runs: after runs that published new days, or never. Days are in the catalog when they are published, in either case. Allowed: new-days or off. @default `new-days` */
  readonly crawler?: OptionValues['crawler'] | undefined
  /** Subnets of the jobs, with a way to S3 (a gateway endpoint) and CloudWatch Logs. Allowed: a list such as ["subnet-0123456789abcdef0"]. @default `[]` */
  readonly subnetIds?: OptionValues['subnetIds'] | undefined
  /** Security groups of the jobs; needed with `subnetIds`. Allowed: a list such as ["sg-0123456789abcdef0"]. @default `[]` */
  readonly securityGroupIds?: OptionValues['securityGroupIds'] | undefined
  /** KMS key of the data bucket, the jobs' volumes, log groups, topic and queue: see docs/kms.md for what its policy must allow; none: keys of AWS's services. Allowed: the ARN of a KMS key. @default none */
  readonly kmsKeyArn?: OptionValues['kmsKeyArn'] | undefined
  /** KMS key that the raw bucket is encrypted with, if it is. Allowed: the ARN of a KMS key. @default none */
  readonly rawKeyArn?: OptionValues['rawKeyArn'] | undefined
  /** A ready image of the jobs in ECR, by tag or digest: none is built then. It must hold the program of this very code, or jobs refuse the work. Allowed: an image such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/dayfold:1.2.0. @default none */
  readonly imageUri?: OptionValues['imageUri'] | undefined
  /** Image of Node 24 on Debian that the jobs' image is built upon, such as a mirror of your own; none: that which processing/Dockerfile names. Allowed: an image such as registry.example.com/node:24-bookworm-slim. @default none */
  readonly baseImage?: OptionValues['baseImage'] | undefined
  /** Tags of the stacks, whose resources get them, and of each job. Allowed: an object of at most 40 tags such as {"cost-centre": "4711"}. @default `{}` */
  readonly tags?: OptionValues['tags'] | undefined
  /** Bytes after which Athena stops a query of the workgroup; none: never. Allowed: a whole number of at least 10000000. @default none */
  readonly bytesScannedCutoffPerQuery?: OptionValues['bytesScannedCutoffPerQuery'] | undefined
  /** Days that logs are kept. Allowed: one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653. @default `90` */
  readonly logRetentionDays?: OptionValues['logRetentionDays'] | undefined
  /** Days that replaced and deleted objects of the data bucket can be restored. Allowed: a whole number from 1 to 3650. @default `14` */
  readonly noncurrentVersionDays?: OptionValues['noncurrentVersionDays'] | undefined
  /** Days that staged files, the records of runs and query results are kept: longer than a day's jobs may take, those after a failure of AWS included. Allowed: a whole number from 2 to 3650. @default `30` */
  readonly stagingDays?: OptionValues['stagingDays'] | undefined
  /** Hours without a run that found the tables right before the alarm NotFresh; none: twice the longest time between two starts of `schedule`. Set it when `schedule` skips days. Allowed: a whole number from 1 to 168. @default none */
  readonly freshHours?: OptionValues['freshHours'] | undefined
  /** Address that alarms are sent to. Allowed: an e-mail address. @default none */
  readonly alarmEmail?: OptionValues['alarmEmail'] | undefined
}
