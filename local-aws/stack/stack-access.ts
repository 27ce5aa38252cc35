import type { AthenaData } from '../athena/service.ts'
import type { LocalDeployment } from '../cloudformation/template.ts'
import type { CrawlData } from '../glue/crawlers.ts'
import type { Authorize } from '../iam/access.ts'
import { openAuthorizer, type AuthorizerOptions } from '../iam/authorizer.ts'
import type { Caller } from '../protocol/caller.ts'
import type { Place } from '../protocol/place.ts'
import { newCredentials, type Credentials } from './credentials.ts'
import { onBehalfOf } from './on-behalf.ts'

type Deployed = Pick<LocalDeployment, 'roles' | 'functions' | 'versions' | 'stateMachines' | 'crawlers'>

export interface StackAccessOptions extends Pick<AuthorizerOptions, 'administrators' | 'log'> {
  readonly deployment: Deployed
  readonly place: Place
}

/** What the stack's functions, jobs, crawlers and state machines may do. */
export interface StackAccess {
  /** For S3. */
  readonly s3: Authorize
  /** For every other service. */
  readonly authorize: Authorize
  /** State machines sign with these. */
  readonly machine: Credentials
  /** Catalog and objects as a crawler's role lets it see them. */
  readonly crawlerData: (crawler: { readonly Name: string }, data: CrawlData) => CrawlData
  /** Catalog and objects as who asks for a query may see them. */
  readonly queryData: (caller: Caller, data: AthenaData) => AthenaData
  /** Who signs with the key has the permissions that the role of the function, or of its version, has now. */
  functionStarts(accessKeyId: string, arn: string): void
  /** Who signs with the key has the permissions of the role that the job was created with. */
  jobStarts(accessKeyId: string, jobName: string, roleArn: string): void
  /** The policies that hold from now on, also for what runs already, and what may start from now on. */
  update(deployment: Deployed): void
  /** What has been refused so far, in the words that callers were told. */
  readonly refusals: readonly string[]
}

/**
 * Holds everything that the stack runs to the identity policies of its roles.
 *
 * @throws LocalAwsError NotImplemented for policies that are not understood here, InvalidConfiguration for a role that
 * cannot be taken
 */
export function openStackAccess({ deployment, place, ...options }: StackAccessOptions): StackAccess {
  let current = deployment
  const authorizer = openAuthorizer({ roles: deployment.roles, ...options })
  const { authorize, authorizeS3, refusals } = authorizer
  const machine = newCredentials('STATES')
  const crawlers = new Map<string, Credentials>()
  const assumeAll = () => {
    for (const { name, role = 'none' } of current.stateMachines) {
      authorizer.assume({ ...machine, roleArn: role, service: 'states.amazonaws.com', name })
    }
    for (const { Name: name, Role } of current.crawlers) {
      const credentials = crawlers.get(name) ?? newCredentials('CRAWLER')
      crawlers.set(name, credentials)
      authorizer.assume({ ...credentials, roleArn: String(Role), service: 'glue.amazonaws.com', name })
    }
  }
  assumeAll()
  const behalf = { authorize, authorizeS3, place }
  return {
    s3: authorizeS3,
    authorize,
    machine,
    crawlerData: ({ Name }, data) => onBehalfOf(crawlers.get(Name)!, data, behalf),
    queryData: (caller, data) => onBehalfOf(caller, data, behalf),
    functionStarts(accessKeyId, wanted) {
      const all = [...current.functions, ...current.versions]
      const { role = 'none', name } = all.find(({ arn }) => arn === wanted)!
      authorizer.assume({ accessKeyId, roleArn: role, service: 'lambda.amazonaws.com', name })
    },
    jobStarts(accessKeyId, jobName, roleArn) {
      authorizer.assume({ accessKeyId, roleArn, service: 'sagemaker.amazonaws.com', name: jobName })
    },
    update(changed) {
      current = changed
      authorizer.setRoles(changed.roles)
      assumeAll()
    },
    refusals,
  }
}
