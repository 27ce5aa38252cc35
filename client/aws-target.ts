import { AthenaClient } from '@aws-sdk/client-athena'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { GlueClient, paginateGetTables, type Table } from '@aws-sdk/client-glue'
import { SageMakerClient } from '@aws-sdk/client-sagemaker'
import { S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import { columnFromGlue } from '../core/columns.ts'
import { DayfoldError } from '../core/errors.ts'
import { STACK_OUTPUTS } from '../core/stack-outputs.ts'
import { MARKED, TABLE_MARK } from '../core/table-mark.ts'
import type { Target, TargetDataset } from './target.ts'

/** Stack and region by which {@link awsTarget} finds a deployment in an account. */
export interface AwsTargetOptions {
  /** Name of the pipeline's CloudFormation stack. */
  readonly stack: string
  /** AWS region. @default that of the environment or the profile, as the SDK finds it */
  readonly region?: string
}

/**
 * Finds a deployment in an account: reads its CloudFormation stack and its Glue tables, with the credentials that the
 * SDK finds.
 *
 * @throws DayfoldError InvalidInput if no region is set, there is no such stack, or it is not one of Dayfold's
 */
export async function awsTarget({ stack, region }: AwsTargetOptions): Promise<Target> {
  const options = { region }
  const cloudFormation = new CloudFormationClient(options)
  await checkRegion(cloudFormation)
  const outputs = await stackOutputs(cloudFormation, stack)
  const output = (name: string): string => {
    const value = outputs.get(name)
    if (value !== undefined) return value
    throw new DayfoldError(
      'InvalidInput',
      `Stack ${stack}: expected an output ${name}, found ${[...outputs.keys()].join(', ') || 'none'}. ` +
        'Name the stack that `npx cdk deploy` made, and deploy it again if it is of an older version.',
    )
  }
  const glue = new GlueClient(options)
  const database = output(STACK_OUTPUTS.database)
  return {
    name: output(STACK_OUTPUTS.name),
    dataBucket: output(STACK_OUTPUTS.dataBucket),
    rawBucket: outputs.get(STACK_OUTPUTS.rawBucket),
    stateMachineArn: output(STACK_OUTPUTS.stateMachineArn),
    database,
    workgroup: output(STACK_OUTPUTS.workgroup),
    datasets: await datasetsOf(glue, database),
    clients: {
      s3: new S3Client(options),
      sfn: new SFNClient(options),
      athena: new AthenaClient(options),
      glue,
      sagemaker: new SageMakerClient(options),
    },
  }
}

/** Without a region, the SDK's own error has no name of its own and gives no advice. */
async function checkRegion({ config }: CloudFormationClient): Promise<void> {
  try {
    await config.region()
  } catch (cause) {
    const message =
      'Region: expected one, found none. Give --region, or set AWS_REGION or the region of the profile in AWS_PROFILE.'
    throw new DayfoldError('InvalidInput', message, { cause })
  }
}

async function stackOutputs(
  cloudFormation: CloudFormationClient,
  stack: string,
): Promise<Map<string, string>> {
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }))
    return new Map(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]),
    )
  } catch (cause) {
    // For a missing stack, CloudFormation answers with a ValidationError: "Stack with id … does not exist".
    if (!(cause instanceof Error) || cause.name !== 'ValidationError') throw cause
    const message = `Stack ${stack}: expected a stack in this account and region, found none. Check --stack, AWS_PROFILE and AWS_REGION.`
    throw new DayfoldError('InvalidInput', message, { cause })
  }
}

async function datasetsOf(glue: GlueClient, database: string): Promise<TargetDataset[]> {
  const datasets: TargetDataset[] = []
  for await (const { TableList } of paginateGetTables({ client: glue }, { DatabaseName: database })) {
    for (const table of TableList ?? []) {
      if (isDataset(table)) datasets.push(targetDataset(table))
    }
  }
  return datasets
}

/**
 * Anybody who may query the database may create tables in it, with any columns. Tables without the mark are left alone.
 */
function isDataset({ Parameters }: Table): boolean {
  return Parameters?.[TABLE_MARK] === MARKED.features
}

/**
 * The catalog does not hold time zone and lookback; the values here are placeholders. Plan knows the real ones and
 * decides which days a run covers.
 */
function targetDataset({ Name, StorageDescriptor }: Table): TargetDataset {
  const columns = (StorageDescriptor?.Columns ?? []).map((column) =>
    columnFromGlue(column.Name!, column.Type!),
  )
  return { name: Name!, columns, timeZone: 'UTC', lookbackDays: 0 }
}
