import { LocalAwsError } from '../errors.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Access, Authorize } from './access.ts'
import { compilePolicy, type Decide } from './policy.ts'
import type { Role } from './role.ts'

/** Roles and keys that an authorizer decides by. */
export interface AuthorizerOptions {
  readonly roles: readonly Role[]
  /** Access keys that may do everything: those of the person at this machine. */
  readonly administrators: readonly string[]
  /** Called with the message of each refusal. @default no call */
  readonly log?: ((line: string) => void) | undefined
}

/** A process that takes a role, and the service that lets it. */
export interface Session {
  readonly accessKeyId: string
  readonly roleArn: string
  /** Service that takes the role on its behalf, such as `lambda.amazonaws.com`. */
  readonly service: string
  readonly name: string
}

/** IAM on this machine: knows who signs with which key, and what each may do. */
export interface Authorizer {
  /**
   * Gives the role's permissions to whoever signs with the key from now on.
   *
   * @throws LocalAwsError InvalidConfiguration if there is no such role, or it does not trust the service
   */
  assume(session: Session): void
  /** Replaces all roles and policies, also for sessions that took a role before; a role that is gone allows nothing. */
  setRoles(roles: readonly Role[]): void
  /** For S3: throws AccessDenied, or InvalidAccessKeyId for a key that was not given out, both with status 403. */
  readonly authorizeS3: Authorize
  /** For AWS JSON services: throws AccessDeniedException or UnrecognizedClientException, both with status 400. */
  readonly authorize: Authorize
  /** Messages of all refusals so far, as the callers got them. */
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

/** Returns an authorizer that decides by the identity policies of the stack's roles. */
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
