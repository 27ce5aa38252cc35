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

/** The deployment whose roles decide, and the keys that may do everything. */
export interface StackAccessOptions extends Pick<AuthorizerOptions, 'administrators' | 'log'> {
  readonly deployment: Deployed
  readonly place: Place
}

/** Permissions of the stack's functions, jobs, crawlers and state machines. */
export interface StackAccess {
  /** Checks access to S3. */
  readonly s3: Authorize
  /** Checks access to every other service. */
  readonly authorize: Authorize
  /** Credentials that state machines sign with. */
  readonly machine: Credentials
  /** Restricts catalog and objects to what a crawler's role may see. */
  readonly crawlerData: (crawler: { readonly Name: string }, data: CrawlData) => CrawlData
  /** Restricts catalog and objects to what the sender of a query may see. */
  readonly queryData: (caller: Caller, data: AthenaData) => AthenaData
  /** Gives a key the permissions of the role that the function, or the version, has now. */
  functionStarts(accessKeyId: string, arn: string): void
  /** Gives a key the permissions of the role that the job was created with. */
  jobStarts(accessKeyId: string, jobName: string, roleArn: string): void
  /** Replaces the policies, also for what is running, and the set of what may start. */
  update(deployment: Deployed): void
  /** Messages of all refusals so far, as the callers got them. */
  readonly refusals: readonly string[]
}

/**
 * Restricts everything that the stack runs to the identity policies of its roles.
 *
 * @throws LocalAwsError NotImplemented for policies that are not understood here, InvalidConfiguration for a role that
 * cannot be assumed
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
