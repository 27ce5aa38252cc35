import { LocalAwsError } from '../errors.ts'

/**
 * Quotas of IAM, which does not count white space.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MANAGED_POLICY_CHARACTERS = 6_144
const INLINE_POLICIES_CHARACTERS = 10_240
const TRUST_POLICY_CHARACTERS = 2_048
const MANAGED_POLICIES_OF_A_ROLE = 10

/** Number of characters of a policy as IAM counts them. */
const sizeOf = (document: unknown) => JSON.stringify(document).length

/**
 * Checks that IAM would accept a managed policy: at most 6,144 characters without white space.
 *
 * @param id logical id of the policy, for the message
 *
 * @throws LocalAwsError LimitExceeded for a policy that IAM would refuse as too large
 */
export function checkManagedPolicy(id: string, document: unknown): void {
  const size = sizeOf(document)
  if (size > MANAGED_POLICY_CHARACTERS) {
    throw exceeded(id, `Cannot exceed quota for PolicySize: ${MANAGED_POLICY_CHARACTERS}`, size)
  }
}

/**
 * Checks that IAM would accept the policies of a role, not counting white space: at most 10,240 characters of inline
 * policies together, 2,048 of the trust policy, and ten managed policies.
 *
 * @param id logical id of the role, for the message
 *
 * @throws LocalAwsError LimitExceeded if they are too large or too many
 */
export function checkRole(
  id: string,
  role: {
    readonly name: string
    /** Its trust policy. */
    readonly trust: unknown
    /** Documents of its inline policies. */
    readonly inline: readonly unknown[]
    /** Number of managed policies attached to it. */
    readonly managed: number
  },
): void {
  const size = role.inline.reduce((sum: number, document) => sum + sizeOf(document), 0)
  if (size > INLINE_POLICIES_CHARACTERS) {
    const message = `Maximum policy size of ${INLINE_POLICIES_CHARACTERS} bytes exceeded for role ${role.name}`
    throw exceeded(id, message, size)
  }
  const trust = sizeOf(role.trust)
  if (trust > TRUST_POLICY_CHARACTERS) {
    throw exceeded(id, `Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_CHARACTERS}`, trust)
  }
  if (role.managed > MANAGED_POLICIES_OF_A_ROLE) {
    const message = `Cannot exceed quota for PoliciesPerRole: ${MANAGED_POLICIES_OF_A_ROLE}`
    throw exceeded(id, message, role.managed)
  }
}

function exceeded(id: string, message: string, found: number): LocalAwsError {
  return new LocalAwsError('LimitExceeded', `Template: ${id}: ${message}; found ${found}.`)
}
