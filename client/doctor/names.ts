import { GetDatabaseCommand } from '@aws-sdk/client-glue'
import { HeadBucketCommand } from '@aws-sdk/client-s3'
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn'
import { statusOf } from '../../aws/objects.ts'
import { STACK_OUTPUTS } from '../../core/stack-outputs.ts'
import { dataBucketName, dataStackName } from '../../core/names.ts'
import { isDeployed, type AwsWorld, type DeployedStack } from './aws-world.ts'
import { fault, isNamed, ok, warning, type Check, type Outcome } from './diagnosis.ts'

/**
 * Checks that the deployment can create or update its resources under their names: stacks, state machine, bucket,
 * database.
 */
export const names: Check<AwsWorld> = {
  name: 'names',
  async run(world) {
    const { plan, stacks } = world
    const ofStacks = [...stacks].flatMap(([name, stack]) => judgeStack(name, stack))
    const kept = stacks.has(dataStackName(plan.name))
    const taken = [
      ...(isDeployed(world) ? [] : await stateMachineOutcomes(world)),
      // An older deployment keeps its tables in its single stack.
      ...(kept || isDeployed(world)
        ? []
        : [...(await bucketOutcomes(world)), ...(await databaseOutcomes(world))]),
    ]
    const outcomes = [...ofStacks, ...taken]
    if (outcomes.length > 0) return outcomes
    return [ok(stacks.size > 0 ? `${[...stacks.keys()].join(' and ')}, which are updated` : 'none is taken')]
  },
}

function judgeStack(name: string, { status, outputs }: DeployedStack): Outcome[] {
  const expected = `no stack ${name}, or one of Dayfold's that can be updated`
  if (status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED' || status.startsWith('DELETE_'))
    return [
      fault(
        expected,
        status,
        `Delete what a failed deployment left: aws cloudformation delete-stack --stack-name ${name}`,
      ),
    ]
  if (status.endsWith('_FAILED'))
    return [
      fault(
        expected,
        status,
        'See its events in the CloudFormation console, and continue or roll back the update.',
      ),
    ]
  if (status.endsWith('_IN_PROGRESS')) return [warning(expected, status, 'Wait until it is done.')]
  if (outputs.has(STACK_OUTPUTS.database) || outputs.has(STACK_OUTPUTS.dataBucket)) return []
  return [fault(expected, 'a stack of something else', 'Choose another name in cdk.json.')]
}

async function stateMachineOutcomes({ clients, plan, place }: AwsWorld): Promise<Outcome[]> {
  const { partition, region, account } = place
  const stateMachineArn = `arn:${partition}:states:${region}:${account}:stateMachine:${plan.name}`
  try {
    await clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))
  } catch (error) {
    if (isNamed(error, 'StateMachineDoesNotExist')) return []
    throw error
  }
  return [
    taken(`state machine ${plan.name}`, 'Set another name in cdk.json, or delete it if nobody needs it.'),
  ]
}

async function databaseOutcomes({ clients, plan }: AwsWorld): Promise<Outcome[]> {
  try {
    await clients.glue.send(new GetDatabaseCommand({ Name: plan.database }))
  } catch (error) {
    if (isNamed(error, 'EntityNotFound')) return []
    throw error
  }
  const remedy =
    'Set another database in cdk.json. Or, if an earlier deployment of this name left it, delete its tables and it in Glue, ' +
    'since CloudFormation can import no tables: they hold no data, see docs/operations.md, "Leaving".'
  return [taken(`database ${plan.database}`, remedy)]
}

/** Bucket names are unique across all accounts. */
async function bucketOutcomes({ clients, plan, place }: AwsWorld): Promise<Outcome[]> {
  const bucket = dataBucketName(plan, place)
  try {
    await clients.s3.send(new HeadBucketCommand({ Bucket: bucket }))
  } catch (error) {
    if (statusOf(error) === 404) return []
    if (statusOf(error) !== 403) throw error
  }
  const remedy =
    'Set another dataBucket in cdk.json. Or, if an earlier deployment of this name left it, give it to the new stack with ' +
    `npx cdk import ${dataStackName(plan.name)}: see docs/operations.md, "Leaving".`
  return [taken(`bucket ${bucket}`, remedy)]
}

/**
 * CloudFormation does not create what exists, and only imports resources on its list: buckets are on it, Glue tables
 * are not.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html
 */
function taken(what: string, remedy: string): Outcome {
  return fault(`no ${what}, since the stack makes it`, 'one that no stack of this deployment made', remedy)
}
