import type { Access } from '../iam/access.ts'
import type { Place } from '../protocol/place.ts'
import { bucketArn } from '../s3/accesses.ts'
import { parseS3Uri } from '../s3/s3-uri.ts'

/** The parts of a query that decide its permissions. */
interface QueryNeed {
  readonly workgroup: string
  /** `s3://` URI of the results. */
  readonly output: string
}

/** Name of an operation that the local Athena implements. */
export type AthenaOperation = keyof ReturnType<typeof athenaAccesses>

/**
 * Returns, for each operation of Athena, a function that computes the permissions that a request about a query needs.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
 */
export function athenaAccesses({ region, account }: Place) {
  const inWorkgroup =
    (operation: string) =>
    ({ workgroup }: QueryNeed): readonly Access[] => [
      {
        action: `athena:${operation}`,
        resource: `arn:aws:athena:${region}:${account}:workgroup/${workgroup}`,
      },
    ]
  return {
    StartQueryExecution: (query: QueryNeed) => [
      ...inWorkgroup('StartQueryExecution')(query),
      // Athena first checks the bucket of the results. https://docs.aws.amazon.com/athena/latest/ug/querying.html
      { action: 's3:GetBucketLocation', resource: bucketArn(parseS3Uri(query.output)!.bucket) },
    ],
    GetQueryExecution: inWorkgroup('GetQueryExecution'),
    StopQueryExecution: inWorkgroup('StopQueryExecution'),
    GetQueryResults: inWorkgroup('GetQueryResults'),
  }
}
