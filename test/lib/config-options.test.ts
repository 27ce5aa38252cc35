import { describe, expect, it } from 'vitest'
import { RUN_SETTING_NAMES } from '../../core/run-settings.ts'
import { OPTION_TABLE } from '../../lib/config-options.ts'
import { OPTIONS, parseConfig } from '../../lib/config.ts'
import { EVERYTHING } from '../support/synthesized.ts'

const rawBucket = 'raw-files'

/** Values that each option rejects. */
const BAD: Readonly<Record<keyof typeof OPTION_TABLE, readonly unknown[]>> = {
  rawBucket: ['Raw_Bucket', 'x', 7],
  name: ['Day fold', 'a--b', 'dayfold-data', '-a', 'a-name-of-more-than-twenty-characters'],
  dataBucket: ['Data', 'a', 'x'.repeat(64)],
  database: ['Day-Fold', '1st', 'x'.repeat(256)],
  datasets: [
    [],
    { jobs: { timezone: 'UTC' } },
    { jobs: { instanceType: 'm5.large' } },
    { jobs: { volumeSizeGb: 0 } },
    { jobs: { workers: 0 } },
    { jobs: { maxConcurrency: 1.5 } },
    { jobs: { expectNewDataHours: 'soon' } },
  ],
  datasetsFile: ['', 1],
  schedule: ['rate(3 hours)', 'cron(* *)'],
  scheduleEnabled: ['maybe', 1],
  maxConcurrency: [0, 1001, 'many'],
  reservedForSchedule: [-1, 1.5, 'two'],
  instanceType: ['m5.large', 'ml.m5'],
  volumeSizeGb: [0, 16_385],
  maxRuntimeSeconds: [59, 777_601],
  partRows: [0, 1_048_577],
  partBytes: [1, 1_073_741_825],
  rowGroupRows: [0, 1_048_577],
  queryGraceMinutes: [0, 10_081],
  crawler: ['always', true],
  subnetIds: ['subnet-0a', ['sg-0a']],
  securityGroupIds: ['sg-0a', ['subnet-0a']],
  kmsKeyArn: ['alias/data', 'arn:aws:kms:eu-west-1:123456789012:alias/data'],
  rawKeyArn: ['alias/raw', 'arn:aws:s3:::raw'],
  imageUri: [
    'node:24',
    'public.ecr.aws/docker/library/node:24',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/dayfold',
  ],
  baseImage: ['', 'Node:24 && true', '--pull'],
  tags: [['a'], { 'aws:owner': 'x' }, { owner: '{% $x %}' }, { owner: 'x'.repeat(257) }, many(41)],
  bytesScannedCutoffPerQuery: [1, '10 MB'],
  logRetentionDays: [31, 'forever'],
  noncurrentVersionDays: [0, 3651],
  stagingDays: [1, 3651],
  freshHours: [0, 169],
  alarmEmail: ['nobody', 'a b@c.d'],
}

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'x']))
}

describe('every option', () => {
  it.each(OPTIONS.map(({ name }) => name))(
    '%s refuses bad values with its name and what is allowed',
    (name) => {
      const { allowed } = OPTION_TABLE[name as keyof typeof OPTION_TABLE]
      const values = BAD[name as keyof typeof BAD] as readonly unknown[] | undefined
      expect(values?.length, `bad values of ${name}`).toBeGreaterThan(0)
      for (const value of values!)
        expect(() => parseConfig({ rawBucket, [name]: value })).toThrow(
          `"${name}": expected ${allowed}, found`,
        )
    },
  )

  it('is taken with its default, and all that adds something at once', () => {
    expect(() => parseConfig({ rawBucket })).not.toThrow()
    expect(parseConfig({ rawBucket, ...EVERYTHING })).toMatchObject(EVERYTHING)
  })
})

it('tells the settings of a dataset from each other', () => {
  const { datasets } = OPTION_TABLE
  for (const name of RUN_SETTING_NAMES) expect(datasets.meaning).toContain(`\`${name}\``)
})

it('takes an image that is ready, or one to build upon, but not both', () => {
  const imageUri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/dayfold@sha256:' + 'a'.repeat(64)
  const baseImage = 'registry.example.com:5000/node:24-bookworm-slim'
  expect(parseConfig({ rawBucket, imageUri }).imageUri).toBe(imageUri)
  expect(parseConfig({ rawBucket, baseImage }).baseImage).toBe(baseImage)
  expect(() => parseConfig({ rawBucket, imageUri, baseImage })).toThrow('expected one of them at most')
})

it.each(['ml.m5d.2xlarge', 'ml.g4dn.xlarge', 'ml.g5.xlarge', 'ml.p4de.24xlarge'])(
  'refuses a key with %s, whose storage takes none',
  (instanceType) => {
    const { kmsKeyArn } = EVERYTHING
    expect(() => parseConfig({ rawBucket, kmsKeyArn, instanceType })).toThrow('"kmsKeyArn": expected')
    expect(() => parseConfig({ rawBucket, instanceType })).not.toThrow()
    expect(() => parseConfig({ rawBucket, kmsKeyArn, instanceType: 'ml.m5.large' })).not.toThrow()
  },
)
