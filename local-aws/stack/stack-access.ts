import { parseS3Uri } from '../s3/s3-uri.ts'
import type { AthenaPermissions } from '../athena/service.ts'
import type { CrawlerDeclaration } from '../glue/crawlers.ts'
import type { AuthorizeOperation } from '../protocol/aws-json.ts'
import type { Caller } from '../protocol/caller.ts'
import type { LocalDeployment } from '../cloudformation/template.ts'
import type { Place } from '../cloudformation/identities.ts'
import type { AccessesOf, Authorize } from '../iam/access.ts'
import { openAuthorizer, type AuthorizerOptions } from '../iam/authorizer.ts'
import { onBehalfOf, type Data } from './on-behalf.ts'
import { bucketArn } from '../s3/accesses.ts'
import { athenaAccess, glueAccesses, sagemakerAccesses, statesAccesses } from './service-access.ts'

export interface StackAccessOptions extends Pick<AuthorizerOptions, 'administrators' | 'log'> {
  readonly deployment: Pick<LocalDeployment, 'roles' | 'functions' | 'stateMachines' | 'crawlers'>
  readonly place: Place
}

/** What the stack's functions, jobs, crawlers and state machines may do. */
export interface StackAccess {
  readonly authorize: Authorize
  readonly s3: Authorize
  readonly glue: AuthorizeOperation
  readonly states: AuthorizeOperation
  readonly sagemaker: AuthorizeOperation
  readonly athena: AthenaPermissions
  /** Catalog and objects as a crawler's role lets it see them. */
  readonly crawlerData: (crawler: CrawlerDeclaration, data: Data) => Data
  /** Who signs with the key has the permissions of the function's role. */
  functionStarts(accessKeyId: string, functionName: string): void
  /** Who signs with the key has the permissions of the role that the job was created with. */
  jobStarts(accessKeyId: string, jobName: string, roleArn: string): void
  /** What has been refused so far, in the words that callers were told. */
  readonly refusals: readonly string[]
}

/** Access keys that stand for what has no process of its own. */
const MACHINE = 'LOCALSTATES'
const crawlerKey = ({ Name }: { readonly Name: string }) => `LOCALCRAWLER${Name}`

/** State machines sign with this. */
export const MACHINE_CALLER: Caller = { accessKeyId: MACHINE }

/**
 * Holds everything that the stack runs to the identity policies of its roles.
 *
 * @throws LocalAwsError NotImplemented for policies that are not understood here, InvalidConfiguration for a role that
 * cannot be taken
 */
export function openStackAccess({ deployment, place, ...options }: StackAccessOptions): StackAccess {
  const authorizer = openAuthorizer({ roles: deployment.roles, ...options })
  const { authorize, authorizeS3, refusals } = authorizer
  for (const { name, role = 'none' } of deployment.stateMachines) {
    authorizer.assume({ accessKeyId: MACHINE, roleArn: role, service: 'states.amazonaws.com', name })
  }
  for (const crawler of deployment.crawlers) {
    const session = { accessKeyId: crawlerKey(crawler), roleArn: String(crawler.Role), name: crawler.Name }
    authorizer.assume({ ...session, service: 'glue.amazonaws.com' })
  }
  const behalf = { authorize, authorizeS3, place }
  return {
    authorize,
    s3: authorizeS3,
    glue: operations(authorize, glueAccesses(place)),
    states: operations(authorize, statesAccesses),
    sagemaker: operations(authorize, sagemakerAccesses(place)),
    athena: {
      check(caller, operation, { workgroup, output }) {
        authorize(caller, [athenaAccess(place, operation, workgroup)])
        if (operation !== 'StartQueryExecution') return
        // Athena makes sure of the bucket of the results first.
        // https://docs.aws.amazon.com/athena/latest/ug/querying.html
        const resource = bucketArn(parseS3Uri(output)!.bucket)
        authorize(caller, [{ action: 's3:GetBucketLocation', resource }])
      },
      dataFor: (caller, data) => ({ ...data, ...onBehalfOf(caller, data, behalf) }),
    },
    crawlerData: (crawler, { catalog, filePath }) =>
      onBehalfOf({ accessKeyId: crawlerKey(crawler) }, { catalog, filePath }, behalf),
    functionStarts(accessKeyId, functionName) {
      const { role = 'none' } = deployment.functions.find(({ name }) => name === functionName)!
      authorizer.assume({ accessKeyId, roleArn: role, service: 'lambda.amazonaws.com', name: functionName })
    },
    jobStarts(accessKeyId, jobName, roleArn) {
      authorizer.assume({ accessKeyId, roleArn, service: 'sagemaker.amazonaws.com', name: jobName })
    },
    refusals,
  }
}

function operations(authorize: Authorize, accessesOf: AccessesOf): AuthorizeOperation {
  return (operation, input, caller) =>
    authorize(caller, accessesOf(operation, input as Readonly<Record<string, unknown>>))
}
