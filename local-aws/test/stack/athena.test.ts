import { expect, test } from 'vitest'
import { openStackAccess } from '../../stack/stack-access.ts'
import type { Statement } from '../../iam/policy.ts'
import { jobs, startAthena } from '../support/athena.ts'

const PLACE = { region: 'us-east-1', account: '000000000000' }
const ROLE = 'arn:aws:iam::000000000000:role/analyst'
const allow = (Action: string[], ...Resource: string[]): Statement => ({ Effect: 'Allow', Action, Resource })
const GLUE = 'arn:aws:glue:us-east-1:000000000000'

/** All permissions that a query over `jobs` needs. */
const STATEMENTS: readonly Statement[] = [
  allow(['athena:*'], 'arn:aws:athena:us-east-1:000000000000:workgroup/dayfold'),
  allow(['glue:GetDatabase', 'glue:GetTable'], `${GLUE}:catalog`, `${GLUE}:database/dayfold`),
  allow(['glue:GetTable'], `${GLUE}:table/dayfold/jobs`),
  allow(['glue:GetPartitions'], `${GLUE}:catalog`, `${GLUE}:database/dayfold`, `${GLUE}:table/dayfold/jobs`),
  allow(['s3:ListBucket'], 'arn:aws:s3:::data'),
  allow(['s3:GetBucketLocation'], 'arn:aws:s3:::data'),
  allow(['s3:GetObject'], 'arn:aws:s3:::data/processed/jobs/*'),
  allow(['s3:PutObject'], 'arn:aws:s3:::data/athena-results/*'),
  allow(['s3:GetObject'], 'arn:aws:s3:::data/athena-results/*'),
]

/** Starts an Athena whose caller has a role with these statements. */
async function athenaFor(statements: readonly Statement[]) {
  const trustedServices = ['lambda.amazonaws.com']
  const functions = [{ name: 'verify', arn: 'verify', role: ROLE }] as never
  const roles = [{ name: 'analyst', arn: ROLE, trustedServices, statements }]
  const access = openStackAccess({
    deployment: { roles, functions, versions: [], stateMachines: [], crawlers: [] },
    place: PLACE,
    administrators: [],
  })
  access.functionStarts('test', 'verify')
  const athena = await startAthena({ authorize: access.authorize, dataFor: access.queryData })
  await athena.addDay('2024-01-01', jobs('a', 'b'))
  return athena
}

const COUNT = 'SELECT count(*) AS n FROM jobs'

test('a query runs with the permissions of who asks', async () => {
  const { query } = await athenaFor(STATEMENTS)
  expect(await query(COUNT)).toEqual([['n'], ['2']])
})

test.each([
  ['to use the workgroup', 0, /athena:StartQueryExecution on resource: .*workgroup\/dayfold/],
  ['to see the database', 1, /PERMISSION_DENIED.*glue:GetDatabase on resource: .*:catalog/],
  ['to see the table', 2, /PERMISSION_DENIED.*glue:GetTable on resource: .*:table\/dayfold\/jobs/],
  ['to see its partitions', 3, /PERMISSION_DENIED.*glue:GetPartitions/],
  ['to list the bucket', 4, /PERMISSION_DENIED.*s3:ListBucket/],
  ['to find the bucket of the results', 5, /s3:GetBucketLocation/],
  ['to read the data', 6, /PERMISSION_DENIED.*s3:GetObject on resource: .*processed\/jobs.*\.parquet/],
  ['to write the results', 7, /PERMISSION_DENIED.*s3:PutObject on resource: .*athena-results\//],
  ['to read the results', 8, /s3:GetObject on resource: .*athena-results\//],
])('a query fails without the permission %s', async (_what, missing, message) => {
  const { query } = await athenaFor(STATEMENTS.filter((_, index) => index !== missing))
  await expect(query(COUNT)).rejects.toThrow(message)
})
