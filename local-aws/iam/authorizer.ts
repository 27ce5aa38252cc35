import { LocalAwsError } from '../errors.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Access, Authorize } from './access.ts'
import { compilePolicy, type Decide } from './policy.ts'
import type { Role } from './role.ts'

/** The roles and access keys from which an {@link Authorizer} starts. */
export interface AuthorizerOptions {
  readonly roles: readonly Role[]
  /** Access keys that may do everything, such as that of the user of this machine. */
  readonly administrators: readonly string[]
  /** Called with the message of each refusal. @default no call */
  readonly log?: ((line: string) => void) | undefined
}

/**
 * An access key that gets the permissions of a role, as AWS does when a service assumes a role for a function or a job.
 */
export interface Session {
  readonly accessKeyId: string
  readonly roleArn: string
  /** Service that assumes the role, such as `lambda.amazonaws.com`; the role must trust it. */
  readonly service: string
  /** Name of the function, job, crawler or state machine, for messages. */
  readonly name: string
}

/** The local IAM: it knows the role behind each access key, and allows or refuses requests. */
export interface Authorizer {
  /**
   * Gives an access key the permissions of a role, from now on; a key that had another role changes to this one.
   *
   * @throws LocalAwsError InvalidConfiguration if there is no such role, or it does not trust the service
   */
  assume(session: Session): void
  /**
   * Replaces all roles and their policies. Keys that have a role get its new permissions, or none if the role is gone.
   */
  setRoles(roles: readonly Role[]): void
  /**
   * Checks requests to S3: throws AwsError AccessDenied, or InvalidAccessKeyId for an unknown key, both with status
   * 403.
   */
  readonly authorizeS3: Authorize
  /**
   * Checks requests to all other services: throws AwsError AccessDeniedException, or UnrecognizedClientException for an
   * unknown key, both with status 400.
   */
  readonly authorize: Authorize
  /** Messages of all refusals so far, as the callers got them, oldest first. */
  readonly refusals: readonly string[]
}

/** A session's identity in messages, and its role. */
interface User {
  readonly arn: string
  readonly roleArn: string
}

interface Refusals {
  readonly denied: string
  readonly unknownKey: string
  readonly status: number
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const S3_REFUSALS = { denied: 'AccessDenied', unknownKey: 'InvalidAccessKeyId', status: 403 }
/** https://docs.aws.amazon.com/glue/latest/webapi/CommonErrors.html */
const REFUSALS = { denied: 'AccessDeniedException', unknownKey: 'UnrecognizedClientException', status: 400 }

/**
 * Creates an authorizer that decides by the identity policies of roles. A key without a role is refused unless it is an
 * administrator's.
 *
 * @throws LocalAwsError NotImplemented for a policy with a condition or variable that is unknown here
 */
export function openAuthorizer({ roles, administrators, log }: AuthorizerOptions): Authorizer {
  let byArn = compiled(roles)
  const sessions = new Map<string, User>()
  const refusals: string[] = []

  function refuse(code: string, status: number, message: string): never {
    refusals.push(message)
    log?.(message)
    throw new AwsError(code, message, status)
  }

  function authorizeAs({ denied, unknownKey, status }: Refusals): Authorize {
    return ({ accessKeyId }, accesses) => {
      if (administrators.includes(accessKeyId)) return
      const session = sessions.get(accessKeyId)
      if (!session) return refuse(unknownKey, status, `Access key: expected one that was given out here.`)
      for (const access of accesses) {
        const message = problemOf(session, byArn.get(session.roleArn)?.decide ?? nothing, access)
        if (message !== undefined) refuse(denied, status, message)
      }
    }
  }

  return {
    assume({ accessKeyId, roleArn, service, name }) {
      const role = byArn.get(roleArn)
      if (!role) throw invalid(`${name}: expected one of the stack's roles, found ${roleArn}`)
      if (!role.trustedServices.includes(service)) {
        throw invalid(`${name}: expected a role that trusts ${service}, found ${roleArn}`)
      }
      const account = roleArn.split(':')[4]!
      const arn = `arn:aws:sts::${account}:assumed-role/${role.name}/${name}`
      sessions.set(accessKeyId, { arn, roleArn })
    },
    setRoles(changed) {
      byArn = compiled(changed)
    },
    authorizeS3: authorizeAs(S3_REFUSALS),
    authorize: authorizeAs(REFUSALS),
    refusals,
  }
}

const compiled = (roles: readonly Role[]) =>
  new Map(roles.map((role) => [role.arn, { ...role, decide: compilePolicy(role.statements) }]))

const nothing: Decide = () => 'not allowed'

function problemOf({ arn }: User, decide: Decide, { action, resource, context }: Access): string | undefined {
  const decision = decide(action, resource, context)
  if (decision === 'allowed') return undefined
  const reason =
    decision === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`
}

function invalid(problem: string): LocalAwsError {
  return new LocalAwsError('InvalidConfiguration', `Role of ${problem}.`)
}
