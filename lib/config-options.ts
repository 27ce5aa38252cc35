import { z } from 'zod'
import { isTimeZone } from '../core/dates.ts'
import { DEFAULT_FILE_LIMITS } from '../core/file-limits.ts'
import { IMAGE_URI } from '../core/image-uri.ts'
import { NAME_PATTERN } from '../core/layout.ts'
import { READ_SETTING_NAMES, READ_SETTINGS, type ReadSettings } from '../core/read-settings.ts'
import { DATA_STACK_ENDING } from '../core/names.ts'
import { MAX_CONCURRENCY, RUN_SETTING_NAMES, RUN_SETTINGS, type RunSettings } from '../core/run-settings.ts'
import { DEFAULT_LOOKBACK_DAYS } from './deployment.ts'
import { DEFAULT_NAME } from './names.ts'
import { LEAST_GRACE_MINUTES } from './timeouts.ts'

/** Parses a text, which is how `-c name=value` passes a value, as JSON if it is JSON. */
const coerced = <T extends z.ZodType>(schema: T) => z.preprocess(fromText, schema)

function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

const whole = (least: number, most: number) => coerced(z.int().min(least).max(most))
const truth = coerced(z.boolean())
const list = (pattern: RegExp) => coerced(z.array(z.string().regex(pattern)))

const setting = <K extends keyof ReadSettings>(name: K) =>
  z.custom<ReadSettings[K]>(READ_SETTINGS[name].isAllowed, READ_SETTINGS[name].expected).optional()

const runSetting = <K extends keyof RunSettings>(name: K) =>
  z.custom<RunSettings[K]>(RUN_SETTINGS[name].isAllowed, RUN_SETTINGS[name].expected).optional()

const datasetSettings = z.strictObject({
  rawPrefix: z
    .string()
    .regex(/^([^/]+(\/[^/]+)*)?$/)
    .optional(),
  timeZone: z.string().refine(isTimeZone).optional(),
  lookbackDays: z.int().min(0).max(365).optional(),
  rawFiles: setting('rawFiles'),
  rawLayout: setting('rawLayout'),
  unreadable: setting('unreadable'),
  maxRejectedRatio: setting('maxRejectedRatio'),
  rejectedFloor: setting('rejectedFloor'),
  recordTimeoutSeconds: setting('recordTimeoutSeconds'),
  instanceType: runSetting('instanceType'),
  volumeSizeGb: runSetting('volumeSizeGb'),
  workers: runSetting('workers'),
  maxConcurrency: runSetting('maxConcurrency'),
  expectNewDataHours: runSetting('expectNewDataHours'),
})

/** CloudWatch Logs allows only these numbers of days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
/** Leaves room for dataset, date and counters in the 63 characters of a job's name. */
const MAX_NAME_LENGTH = 20
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
const SCHEDULE = /^cron\(\S+ \S+ \S+ \S+ \S+ \S+\)$/
const EMAIL = /^\S+@\S+\.\S+$/
// Neither needs escaping in a definition. Ten tags are left to AWS and to the stacks.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
const TAG_KEY = /^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,128}$/u
const TAG_VALUE = /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u
const MAX_TAGS = 40
const KEY_ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/

/** Meaning, allowed values and default of one option of the configuration. */
export interface Option {
  /** Meaning in a sentence or two, for the documentation. */
  readonly meaning: string
  /** Description of the allowed values. Ends the sentence "expected …". */
  readonly allowed: string
  /** Value as it would stand in cdk.json; undefined if there is none or the option is required. */
  readonly default: unknown
  /** Validates a value, and converts a text from the command line. */
  readonly schema: z.ZodType
}

const option = <T extends z.ZodType>(meaning: string, allowed: string, schema: T, defaultValue?: unknown) =>
  ({ meaning, allowed, schema, default: defaultValue }) as const satisfies Option

/** Every option of the configuration, by name, in the order of the documentation. */
export const OPTION_TABLE = {
  rawBucket: option(
    'Bucket that holds the raw files, which are only read. Must be set.',
    'the name of an existing bucket',
    z.string().regex(BUCKET),
  ),
  name: option(
    'Prefix of the names of everything in the account: stack, state machine, functions, crawlers, jobs.',
    `at most ${MAX_NAME_LENGTH} lower-case letters, digits and single hyphens, a letter first, not ending in ${DATA_STACK_ENDING}`,
    z
      .string()
      .regex(NAME)
      .max(MAX_NAME_LENGTH)
      .refine((name) => !name.endsWith(DATA_STACK_ENDING)),
    DEFAULT_NAME,
  ),
  dataBucket: option(
    'Name of the data bucket, which the stack `<name>-data` makes; none: `<name>-data-<account>-<region>`.',
    'a name that a bucket may have',
    z.string().regex(BUCKET).optional(),
  ),
  database: option(
    'Name of the Glue database; none: that of `name`, hyphens as underscores.',
    'lower-case letters, digits and underscores, a letter first',
    z.string().regex(NAME_PATTERN).max(255).optional(),
  ),
  datasets: option(
    "Settings of single datasets by name: `rawPrefix` (the dataset's name), `timeZone` of the raw prefix's days " +
      `(UTC), \`lookbackDays\` that a scheduled run covers besides today (${DEFAULT_LOOKBACK_DAYS}); and, in the place of ` +
      `what its module says, ${[...READ_SETTING_NAMES, ...RUN_SETTING_NAMES].map((name) => `\`${name}\``).join(', ')}.`,
    'an object such as {"jobs": {"rawPrefix": "raw/jobs", "timeZone": "Europe/Vienna", "lookbackDays": 7}}',
    coerced(z.record(z.string(), datasetSettings)),
    {},
  ),
  datasetsFile: option(
    'Module that exports the datasets.',
    'the path of a module that exports `datasets`',
    z.string().min(1),
    'processing/datasets/index.ts',
  ),
  schedule: option(
    'When a run starts, in UTC.',
    'an EventBridge cron expression of six fields such as cron(10 0/3 * * ? *)',
    z.string().regex(SCHEDULE),
    'cron(10 0/3 * * ? *)',
  ),
  scheduleEnabled: option('True lets the schedule start runs.', 'true or false', truth, true),
  maxConcurrency: option(
    'Dataset-days that are worked on at once: keep it within the quota of instances for processing jobs.',
    `a whole number from 1 to ${MAX_CONCURRENCY}`,
    whole(1, MAX_CONCURRENCY),
    10,
  ),
  reservedForSchedule: option(
    'Dataset-days at once, out of `maxConcurrency`, that each execution leaves free for the schedule unless the schedule started it; none: 2, or fewer where `maxConcurrency` is below 3.',
    'a whole number from 0, less than maxConcurrency',
    whole(0, MAX_CONCURRENCY - 1).optional(),
  ),
  instanceType: option(
    'Instance of each job. Its cores are the workers.',
    RUN_SETTINGS.instanceType.expected,
    z.custom<string>(RUN_SETTINGS.instanceType.isAllowed),
    'ml.m5.2xlarge',
  ),
  volumeSizeGb: option(
    "Size of each job's volume in GB: little is enough, since nothing is copied to it first.",
    RUN_SETTINGS.volumeSizeGb.expected,
    coerced(z.custom<number>(RUN_SETTINGS.volumeSizeGb.isAllowed)),
    10,
  ),
  maxRuntimeSeconds: option(
    'Seconds after which a job is stopped.',
    'a whole number from 60 to 777600',
    whole(60, 777_600),
    14_400,
  ),
  partRows: option(
    'Most rows of a Parquet file.',
    'a whole number from 1 to 1048576',
    whole(1, 1_048_576),
    DEFAULT_FILE_LIMITS.partRows,
  ),
  partBytes: option(
    'Most bytes of a Parquet file.',
    'a whole number from 1048576 to 1073741824',
    whole(1_048_576, 1_073_741_824),
    DEFAULT_FILE_LIMITS.partBytes,
  ),
  rowGroupRows: option(
    'Fewest rows of a row group, except the last of a file.',
    'a whole number from 1 to 1048576',
    whole(1, 1_048_576),
    DEFAULT_FILE_LIMITS.rowGroupRows,
  ),
  queryGraceMinutes: option(
    "Minutes that the files of a replaced day stay: longer than any query runs (Athena stops one after 30 minutes, unless the account's quota is another).",
    `a whole number from ${LEAST_GRACE_MINUTES} to 10080`,
    whole(LEAST_GRACE_MINUTES, 10_080),
    60,
  ),
  crawler: option(
    "When the crawler of a dataset's table runs: after runs that published new days, or never. Days are in the catalog when they are published, in either case.",
    'new-days or off',
    z.enum(['new-days', 'off']),
    'new-days',
  ),
  subnetIds: option(
    'Subnets of the jobs, with a way to S3 (a gateway endpoint) and CloudWatch Logs.',
    'a list such as ["subnet-0123456789abcdef0"]',
    list(/^subnet-[0-9a-f]+$/),
    [],
  ),
  securityGroupIds: option(
    'Security groups of the jobs; needed with `subnetIds`.',
    'a list such as ["sg-0123456789abcdef0"]',
    list(/^sg-[0-9a-f]+$/),
    [],
  ),
  kmsKeyArn: option(
    "KMS key of the data bucket, the jobs' volumes, log groups, topic and queue: see docs/kms.md for what its policy must allow; none: keys of AWS's services.",
    'the ARN of a KMS key',
    z.string().regex(KEY_ARN).optional(),
  ),
  rawKeyArn: option(
    'KMS key that the raw bucket is encrypted with, if it is.',
    'the ARN of a KMS key',
    z.string().regex(KEY_ARN).optional(),
  ),
  imageUri: option(
    'A ready image of the jobs in ECR, by tag or digest: none is built then. It must hold the program of this very code, or jobs refuse the work.',
    'an image such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/dayfold:1.2.0',
    z.string().regex(IMAGE_URI).optional(),
  ),
  baseImage: option(
    "Image of Node 24 on Debian that the jobs' image is built upon, such as a mirror of your own; none: that which processing/Dockerfile names.",
    'an image such as registry.example.com/node:24-bookworm-slim',
    z
      .string()
      .regex(/^[a-z0-9][\w.:/@-]*$/)
      .optional(),
  ),
  tags: option(
    'Tags of the stacks, whose resources get them, and of each job.',
    `an object of at most ${MAX_TAGS} tags such as {"cost-centre": "4711"}`,
    coerced(
      z
        .record(z.string().regex(TAG_KEY), z.string().regex(TAG_VALUE))
        .refine((tags) => Object.keys(tags).length <= MAX_TAGS),
    ),
    {},
  ),
  bytesScannedCutoffPerQuery: option(
    'Bytes after which Athena stops a query of the workgroup; none: never.',
    'a whole number of at least 10000000',
    whole(10_000_000, Number.MAX_SAFE_INTEGER).optional(),
  ),
  logRetentionDays: option(
    'Days that logs are kept.',
    `one of ${RETENTION_DAYS.join(', ')}`,
    coerced(z.literal(RETENTION_DAYS)),
    90,
  ),
  noncurrentVersionDays: option(
    'Days that replaced and deleted objects of the data bucket can be restored.',
    'a whole number from 1 to 3650',
    whole(1, 3650),
    14,
  ),
  stagingDays: option(
    "Days that staged files, the records of runs and query results are kept: longer than a day's jobs may take, those after a failure of AWS included.",
    'a whole number from 2 to 3650',
    whole(2, 3650),
    30,
  ),
  freshHours: option(
    'Hours without a run that found the tables right before the alarm NotFresh; none: twice the longest time between two starts of `schedule`. Set it when `schedule` skips days.',
    'a whole number from 1 to 168',
    whole(1, 168).optional(),
  ),
  alarmEmail: option(
    'Address that alarms are sent to.',
    'an e-mail address',
    z.string().regex(EMAIL).optional(),
  ),
} as const satisfies Record<string, Option>
