import { GetBucketEncryptionCommand, HeadBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { statusOf } from '../../aws/objects.ts'
import { addDays, dayAt, type Day } from '../../core/dates.ts'
import { rawDayPrefix, s3Uri } from '../../core/layout.ts'
import type { AwsWorld } from './aws-world.ts'
import { fault, ok, reasonOf, warning, type Check, type Outcome } from './diagnosis.ts'
import { foreignBucketGrants, type Grants } from './grants.ts'
import type { PlannedDataset } from './plan.ts'

/**
 * Checks that the raw bucket exists in the region of the deployment, can be accessed, and is encrypted with the
 * configured key.
 */
export const rawBucket: Check<AwsWorld> = {
  name: 'rawBucket',
  async run(world) {
    const { rawBucket: bucket } = world.plan
    if (bucket === undefined) return []
    return [await whereabouts(world, bucket), ...(await encryptionOutcomes(world, bucket))]
  },
}

async function whereabouts({ clients, place }: AwsWorld, bucket: string): Promise<Outcome> {
  try {
    // The answer contains the bucket's own region: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    const { BucketRegion = place.region } = await clients.s3.send(new HeadBucketCommand({ Bucket: bucket }))
    if (BucketRegion === place.region) return ok(`${bucket} in ${BucketRegion}`)
    const remedy = `Deploy to ${BucketRegion}, or replicate the bucket to ${place.region}.`
    return fault(`${bucket} in ${place.region}`, `it is in ${BucketRegion}`, remedy)
  } catch (error) {
    if (statusOf(error) === 404)
      return fault(`a bucket ${bucket}`, 'none', 'Set rawBucket in cdk.json to one that exists, or make it.')
    if (statusOf(error) === 403)
      return fault(
        `${bucket} that can be read`,
        reasonOf(error),
        `${MAY_LIST} Of another account: see the statements below.`,
      )
    throw error
  }
}

const MAY_LIST = 'See to it that you and the roles of the stack may list and read it.'

/**
 * The default encryption of a bucket tells which key its readers need. Without permission to ask, this reports nothing.
 */
async function encryptionOutcomes({ clients, plan }: AwsWorld, bucket: string): Promise<Outcome[]> {
  const answer = await clients.s3
    .send(new GetBucketEncryptionCommand({ Bucket: bucket }))
    .catch(() => undefined)
  const [rule] = answer?.ServerSideEncryptionConfiguration?.Rules ?? []
  const { SSEAlgorithm = '', KMSMasterKeyID: key } = rule?.ApplyServerSideEncryptionByDefault ?? {}
  if (!SSEAlgorithm.startsWith('aws:kms') || key === undefined || plan.rawKeyArn === key) return []
  // An alias or a bare id may refer to the configured key.
  if (plan.rawKeyArn !== undefined && (key.includes('alias/') || plan.rawKeyArn.endsWith(`/${key}`)))
    return []
  const remedy = 'Set rawKeyArn in cdk.json to the ARN of that key, so that the jobs may decrypt with it.'
  return [
    warning(
      `rawKeyArn of the key that ${bucket} is encrypted with`,
      `${plan.rawKeyArn ?? 'none'}; the bucket says ${key}`,
      remedy,
    ),
  ]
}

/** Days that are searched for raw files, including today. */
const RECENT_DAYS = 8

/** Checks that each dataset's raw prefix holds an object of today or the seven days before. */
export const rawFiles: Check<AwsWorld> = {
  name: 'rawFiles',
  async run(world) {
    const { rawBucket: bucket, datasets } = world.plan
    if (bucket === undefined) return []
    const outcomes: Outcome[] = []
    for (const dataset of datasets) outcomes.push(await recentFiles(world, bucket, dataset))
    return outcomes
  },
}

async function recentFiles(world: AwsWorld, bucket: string, dataset: PlannedDataset): Promise<Outcome> {
  const days = recentDays(dayAt(world.now.toISOString(), dataset.timeZone))
  try {
    for (const day of days) {
      const key = await firstKey(world, bucket, rawDayPrefix(dataset, day))
      if (key !== undefined) return ok(`${dataset.name}: ${s3Uri(bucket, key)}`)
    }
    const expected = `something below ${s3Uri(bucket, rawDayPrefix(dataset, days[0]!))} or of the ${RECENT_DAYS - 1} days before`
    const prefix = dataset.rawPrefix === '' ? '' : `${dataset.rawPrefix}/`
    const other = await firstKey(world, bucket, prefix)
    const found =
      other === undefined
        ? `nothing below ${s3Uri(bucket, prefix)}`
        : `none; there is ${s3Uri(bucket, other)}`
    const remedy = `Set rawPrefix and rawLayout of ${dataset.name} as the keys are, unless its feed has yet to begin.`
    return warning(expected, found, remedy)
  } catch (error) {
    if (statusOf(error) !== 403) throw error
    return fault(
      `${dataset.name}: a listing of ${s3Uri(bucket, dataset.rawPrefix)}`,
      reasonOf(error),
      MAY_LIST,
    )
  }
}

const recentDays = (today: Day): Day[] =>
  Array.from({ length: RECENT_DAYS }, (_, back) => addDays(today, -back))

async function firstKey({ clients }: AwsWorld, Bucket: string, Prefix: string): Promise<string | undefined> {
  const answer = await clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }))
  return answer.Contents?.[0]?.Key
}

/**
 * Returns the policy statements that another account must add if it may own the raw bucket or its key; undefined if
 * both belong to this account or no bucket is named.
 */
export async function grantsOfOthers(world: AwsWorld): Promise<Grants | undefined> {
  const { plan, clients, place } = world
  if (plan.rawBucket === undefined) return undefined
  const isForeignKey = plan.rawKeyArn !== undefined && plan.rawKeyArn.split(':')[4] !== place.account
  const request = { Bucket: plan.rawBucket, ExpectedBucketOwner: place.account }
  const isForeignBucket = await clients.s3.send(new HeadBucketCommand(request)).then(
    () => false,
    (error: unknown) => statusOf(error) === 403,
  )
  return isForeignBucket || isForeignKey ? foreignBucketGrants(plan, place) : undefined
}
