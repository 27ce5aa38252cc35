import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ArnFormat, Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

/**
 * Returns a policy statement that allows actions on log groups that AWS services share within the account.
 *
 * @param groups name of the log groups or of their streams, as in the ARN; `*` is any text
 * @param actions without the prefix `logs:`
 */
export function allowSharedLogs(scope: Construct, groups: string, ...actions: string[]): PolicyStatement {
  const arn = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: groups,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
  return new PolicyStatement({ actions: actions.map((action) => `logs:${action}`), resources: [arn] })
}
