import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda'
import { GetDataLakeSettingsCommand, type PrincipalPermissions } from '@aws-sdk/client-lakeformation'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { isDeployed, type AwsWorld } from './aws-world.ts'
import { fault, isNamed, ok, warning, type Check } from './diagnosis.ts'

/** Oldest bootstrap version that CDK's templates accept, by their rule CheckBootstrapVersion. */
const LEAST_BOOTSTRAP = 6

/**
 * Checks that account and region were prepared for CDK by `cdk bootstrap`:
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping.html
 */
export const bootstrap: Check<AwsWorld> = {
  name: 'bootstrap',
  async run({ clients, place, plan: { qualifier } }) {
    const name = `/cdk-bootstrap/${qualifier}/version`
    const command = `npx cdk bootstrap aws://${place.account}/${place.region}`
    try {
      const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name: name }))
      const version = Number(Parameter?.Value)
      if (version >= LEAST_BOOTSTRAP) return [ok(`version ${version}`)]
      return [
        fault(
          `bootstrap version ${LEAST_BOOTSTRAP} or newer`,
          `version ${Parameter?.Value}`,
          `Run: ${command}`,
        ),
      ]
    } catch (error) {
      if (!isNamed(error, 'ParameterNotFound')) throw error
      return [fault(`the parameter ${name}`, 'none', `Run: ${command}`)]
    }
  },
}

/** Concurrent calls needed by the functions outside the Map: Plan, Crawl, Collect, Verify. */
const OTHER_FUNCTIONS = 5

/**
 * Checks that the account's concurrency for Lambda suffices for all dataset-days that may run at once.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export const lambdaConcurrency: Check<AwsWorld> = {
  name: 'lambdaConcurrency',
  async run({ clients, plan: { maxConcurrency } }) {
    const { AccountLimit } = await clients.lambda.send(new GetAccountSettingsCommand({}))
    const free = AccountLimit?.UnreservedConcurrentExecutions ?? 0
    const found = `${free} concurrent executions that no function has reserved`
    const needed = maxConcurrency + OTHER_FUNCTIONS
    if (free >= needed) return [ok(found)]
    const remedy = `Ask for a higher quota (Service Quotas, AWS Lambda, Concurrent executions), or lower maxConcurrency.`
    const expected = `${needed} concurrent executions, of which maxConcurrency takes ${maxConcurrency}`
    return [
      free > 0
        ? warning(expected, `${found}: calls wait for each other`, remedy)
        : fault(expected, found, remedy),
    ]
  },
}

/**
 * Checks that Lake Formation leaves access to new databases and tables to IAM. Unless IAM_ALLOWED_PRINCIPALS gets ALL
 * on them, it refuses calls that IAM allows.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
 */
export const lakeFormation: Check<AwsWorld> = {
  name: 'lakeFormation',
  async run(world) {
    const { DataLakeSettings } = await world.clients.lakeFormation.send(new GetDataLakeSettingsCommand({}))
    const { CreateDatabaseDefaultPermissions, CreateTableDefaultPermissions } = DataLakeSettings ?? {}
    const managed = [
      ...(isLeftToIam(CreateDatabaseDefaultPermissions) ? [] : ['databases']),
      ...(isLeftToIam(CreateTableDefaultPermissions) ? [] : ['tables']),
    ]
    if (managed.length === 0) return [ok('new databases and tables are left to IAM')]
    const found = `Lake Formation's own permissions for new ${managed.join(' and ')}`
    const remedy =
      'Let a data lake administrator grant: CREATE_DATABASE to the role of CloudFormation (cdk-…-cfn-exec-role), then, of ' +
      `the database ${world.plan.database}, DESCRIBE and of its tables ALL to the roles that the stack's outputs name; and ` +
      'SELECT to who may query. Or let new databases and tables use only IAM access control.'
    const expected = 'access to new databases and tables by IAM alone'
    return [isDeployed(world) ? warning(expected, found, remedy) : fault(expected, found, remedy)]
  },
}

function isLeftToIam(permissions: readonly PrincipalPermissions[] = []): boolean {
  return permissions.some(
    ({ Principal, Permissions }) =>
      Principal?.DataLakePrincipalIdentifier === 'IAM_ALLOWED_PRINCIPALS' && Permissions?.includes('ALL'),
  )
}
