import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { EC2Client } from '@aws-sdk/client-ec2'
import { GlueClient } from '@aws-sdk/client-glue'
import { KMSClient } from '@aws-sdk/client-kms'
import { LakeFormationClient } from '@aws-sdk/client-lakeformation'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { bootstrap, lakeFormation, lambdaConcurrency } from './account.ts'
import { dataStackName } from '../../core/names.ts'
import type { AwsWorld, DeployedStack, DoctorClients, Place } from './aws-world.ts'
import { diagnose, fault, isNamed, ok, reasonOf, type Check, type Diagnosis } from './diagnosis.ts'
import { foreignBucketGrants, UNKNOWN, type Grants } from './grants.ts'
import { image } from './image.ts'
import { keys } from './keys.ts'
import { names } from './names.ts'
import { network } from './network.ts'
import { PLAN_CHECKS } from './plan-checks.ts'
import type { DeploymentPlan } from './plan.ts'
import { instanceQuotas } from './quotas.ts'
import { grantsOfOthers, rawBucket, rawFiles } from './raw-bucket.ts'

/** Checks of an account, in the order in which they are shown. */
const CHECKS: readonly Check<AwsWorld>[] = [
  bootstrap,
  names,
  rawBucket,
  rawFiles,
  keys,
  image,
  network,
  instanceQuotas,
  lambdaConcurrency,
  lakeFormation,
]

/** Result of checking a planned deployment against the account. */
export interface AccountReport {
  /** Results of the checks, in the order in which they are shown. */
  readonly diagnoses: readonly Diagnosis[]
  /**
   * Policy statements that the account of the raw bucket must add.
   * @default no raw bucket is named, or bucket and key belong to this account
   */
  readonly grants?: Grants
}

/**
 * Creates the SDK clients that the checks of an account use.
 *
 * @param region default: that of the environment or the profile
 */
export function doctorClients(region?: string): DoctorClients {
  const options = region === undefined ? {} : { region }
  return {
    cloudFormation: new CloudFormationClient(options),
    ec2: new EC2Client(options),
    glue: new GlueClient(options),
    kms: new KMSClient(options),
    lakeFormation: new LakeFormationClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client({ ...options, followRegionRedirects: true }),
    serviceQuotas: new ServiceQuotasClient(options),
    sfn: new SFNClient(options),
    ssm: new SSMClient(options),
    sts: new STSClient(options),
  }
}

/**
 * Checks a planned deployment against the account that it is to go to. Changes nothing. An error within a check becomes
 * a warning; without credentials, only the plan itself is checked.
 */
export async function examineAccount(
  plan: DeploymentPlan,
  clients: DoctorClients,
  now: Date,
): Promise<AccountReport> {
  const [ofPlan, found] = [await diagnose(PLAN_CHECKS, plan), await credentials(clients)]
  if (found.place === undefined) return await withoutAccount(plan, clients, [...ofPlan, found.diagnosis])
  const { stacks, refused } = await deployedStacks(clients, plan.name)
  const world = { plan, clients, now, place: found.place, stacks }
  const diagnoses = [...ofPlan, found.diagnosis, ...refused, ...(await diagnose(CHECKS, world))]
  const grants = await grantsOfOthers(world)
  return { diagnoses, ...(grants && { grants }) }
}

/**
 * Without credentials, the owner of the raw bucket cannot be determined. The statements are returned in case it is
 * another account.
 */
async function withoutAccount(
  plan: DeploymentPlan,
  { sts }: DoctorClients,
  diagnoses: readonly Diagnosis[],
): Promise<AccountReport> {
  if (plan.rawBucket === undefined) return { diagnoses }
  const region = await sts.config.region().catch(() => UNKNOWN.region)
  const place = { account: UNKNOWN.account, region, partition: partitionOf(region) }
  return { diagnoses, grants: foreignBucketGrants(plan, place) }
}

/** Partition of a region: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** Without credentials, no other check can run. */
async function credentials({ sts }: DoctorClients): Promise<{ diagnosis: Diagnosis; place?: Place }> {
  const check = 'credentials'
  try {
    const region = await sts.config.region()
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}))
    const place = { account: Account!, region, partition: Arn!.split(':')[1]! }
    return { place, diagnosis: { check, ...ok(`${Arn} in ${region}`) } }
  } catch (error) {
    const remedy =
      'Sign in (aws sso login, or aws configure), set AWS_PROFILE, and give --region or set AWS_REGION.'
    return { diagnosis: { check, ...fault('credentials and a region', reasonOf(error), remedy) } }
  }
}

interface FoundStacks {
  readonly stacks: ReadonlyMap<string, DeployedStack>
  /** Failures to describe the stacks. */
  readonly refused: readonly Diagnosis[]
}

/** Finds which of the two stacks exist. */
async function deployedStacks({ cloudFormation }: DoctorClients, name: string): Promise<FoundStacks> {
  const stacks = new Map<string, DeployedStack>()
  const look: Check<string> = {
    name: 'stacks',
    async run(StackName) {
      const { Stacks } = await cloudFormation
        .send(new DescribeStacksCommand({ StackName }))
        // "Stack with id … does not exist"
        .catch((error: unknown) => {
          if (isNamed(error, 'ValidationError')) return { Stacks: [] }
          throw error
        })
      const [stack] = Stacks ?? []
      const outputs = new Map(stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]))
      if (stack) stacks.set(StackName, { status: stack.StackStatus!, outputs })
      return []
    },
  }
  const refused = [...(await diagnose([look], dataStackName(name))), ...(await diagnose([look], name))]
  return { stacks, refused }
}
