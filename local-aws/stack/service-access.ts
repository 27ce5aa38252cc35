import type { Place } from '../cloudformation/identities.ts'
import type { Access, AccessesOf } from '../iam/access.ts'

const text = (value: unknown) => String(value)

/**
 * What operations of Glue need: catalog, database and table alike.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html
 */
export function glueAccesses({ region, account }: Place): AccessesOf {
  const arn = (rest: string) => `arn:aws:glue:${region}:${account}:${rest}`
  return (operation, input) => {
    const action = `glue:${operation}`
    if (operation.endsWith('Crawler')) return [{ action, resource: arn(`crawler/${text(input.Name)}`) }]
    const isDatabase = operation === 'GetDatabase'
    const database = text(isDatabase ? input.Name : input.DatabaseName)
    const { Name } = (input.TableInput ?? {}) as { Name?: unknown }
    const table = text(input.TableName ?? Name ?? (operation === 'GetTables' ? '*' : input.Name))
    const resources = [
      'catalog',
      `database/${database}`,
      ...(isDatabase ? [] : [`table/${database}/${table}`]),
    ]
    return resources.map((resource) => ({ action, resource: arn(resource) }))
  }
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
export const statesAccesses: AccessesOf = (operation, input) => {
  const resource = input.executionArn ?? input.mapRunArn ?? input.stateMachineArn ?? '*'
  return [{ action: `states:${operation}`, resource: text(resource) }]
}

/** The rule by which Step Functions learns of a job's end. */
const JOB_EVENTS_RULE = 'StepFunctionsGetEventsForSageMakerProcessingJobsRule'

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 * https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (passing roles)
 */
export function sagemakerAccesses({ region, account }: Place): AccessesOf {
  return (operation, input) => {
    if (operation === 'ListProcessingJobs') return [{ action: 'sagemaker:ListProcessingJobs', resource: '*' }]
    const resource = `arn:aws:sagemaker:${region}:${account}:processing-job/${text(input.ProcessingJobName)}`
    const accesses: Access[] = [{ action: `sagemaker:${operation}`, resource }]
    if (operation !== 'CreateProcessingJob') return accesses
    if (input.Tags !== undefined) accesses.push({ action: 'sagemaker:AddTags', resource })
    const context = { 'iam:PassedToService': 'sagemaker.amazonaws.com' }
    return [...accesses, { action: 'iam:PassRole', resource: text(input.RoleArn), context }]
  }
}

/**
 * What Step Functions needs to wait for the end of a job that it creates; it tags every job.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html#sagemaker-iam-policies
 */
export function waitForJobAccesses({ region, account }: Place, jobName: string): readonly Access[] {
  const rule = `arn:aws:events:${region}:${account}:rule/${JOB_EVENTS_RULE}`
  const job = `arn:aws:sagemaker:${region}:${account}:processing-job/${jobName}`
  return [
    { action: 'sagemaker:AddTags', resource: job },
    ...['PutTargets', 'PutRule', 'DescribeRule'].map((name) => ({
      action: `events:${name}`,
      resource: rule,
    })),
  ]
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html */
export function athenaAccess({ region, account }: Place, operation: string, workgroup: string): Access {
  return {
    action: `athena:${operation}`,
    resource: `arn:aws:athena:${region}:${account}:workgroup/${workgroup}`,
  }
}
