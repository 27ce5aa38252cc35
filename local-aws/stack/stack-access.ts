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

/** The deployment whose roles grant permissions, and the access keys that may do everything. */
export interface StackAccessOptions extends Pick<AuthorizerOptions, 'administrators' | 'log'> {
  readonly deployment: Deployed
  readonly place: Place
}

/** Permission checks for everything that the stack runs: its functions, jobs, crawlers, queries and state machines. */
export interface StackAccess {
  /** Checks requests to S3. Throws AwsError AccessDenied, or InvalidAccessKeyId for an unknown key. */
  readonly s3: Authorize
  /**
   * Checks requests to every other service. Throws AwsError AccessDeniedException, or UnrecognizedClientException for
   * an unknown key.
   */
  readonly authorize: Authorize
  /** Credentials with which state machines sign their requests; all machines share them. */
  readonly machine: Credentials
  /** Restricts catalog and objects to what a crawler's role may see. */
  readonly crawlerData: (crawler: { readonly Name: string }, data: CrawlData) => CrawlData
  /** Restricts catalog and objects to what the sender of a query may see. */
  readonly queryData: (caller: Caller, data: AthenaData) => AthenaData
  /**
   * Gives an access key the permissions of a function's role, before its process starts.
   *
   * @param arn ARN of the function or of a version of it
   */
  functionStarts(accessKeyId: string, arn: string): void
  /** Gives an access key the permissions of the role that a job was created with, before its program starts. */
  jobStarts(accessKeyId: string, jobName: string, roleArn: string): void
  /** Replaces roles and policies by those of another deployment; they also apply to processes that are running. */
  update(deployment: Deployed): void
  /** Messages of all refusals so far, as the callers got them, oldest first. */
  readonly refusals: readonly string[]
}

/**
 * Opens the permission checks of a stack: everything that it runs may do just what the identity policies of its roles
 * allow.
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
