import { z } from 'zod'
import { LocalAwsError } from '../errors.ts'
import { conditionCheck, type ConditionCheck } from './conditions.ts'
import { matcher, type Matcher } from './pattern.ts'

/** A statement of an identity policy, with the template's references resolved. */
export type Statement = z.infer<typeof statement>

/**
 * Result of evaluating the policies of a role: `denied` by a Deny statement, or `not allowed` because no statement
 * allows the action.
 */
export type Decision = 'allowed' | 'denied' | 'not allowed'

/**
 * Compiled policies of a role: decides whether an action, in any case, is allowed on the resource with an ARN.
 * `context` are the condition keys of the request, none if undefined.
 */
export type Decide = (
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> | undefined,
) => Decision

const texts = z.union([z.string(), z.array(z.string())])
const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
  })
  .refine(
    ({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined),
    'one of Action, NotAction',
  )
  .refine(
    ({ Resource, NotResource }) => (Resource === undefined) !== (NotResource === undefined),
    'one of Resource, NotResource',
  )
const document = z.strictObject({
  Version: z.string().optional(),
  Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
})

/**
 * Checks a policy document of a template and returns its statements.
 *
 * @param where names the policy in the error
 * @throws LocalAwsError NotImplemented for anything in it that is unknown here
 */
export function statementsOf(where: string, input: unknown): readonly Statement[] {
  const parsed = document.safeParse(input)
  if (parsed.success) return parsed.data.Statement
  const problems = z.prettifyError(parsed.error).replaceAll('\n', ' ')
  throw new LocalAwsError(
    'NotImplemented',
    `${where}: expected a policy of Effect, (Not)Action, (Not)Resource and Condition, found: ${problems}.`,
  )
}

interface Rule {
  readonly isDeny: boolean
  readonly ofAction: Matcher
  readonly ofResource: Matcher
  readonly fits: ConditionCheck | undefined
}

const NO_CONTEXT = {}

/**
 * Compiles the statements of a role for fast decisions: the statements that concern an action are found once per action
 * and cached. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * @throws LocalAwsError NotImplemented for a condition operator or policy variable that is unknown here
 */
export function compilePolicy(statements: readonly Statement[]): Decide {
  const rules = statements.map(ruleOf)
  const byAction = new Map<string, readonly Rule[]>()
  const rulesOf = (action: string) => {
    const known = byAction.get(action)
    if (known) return known
    const found = rules.filter(({ ofAction }) => ofAction(action.toLowerCase()))
    byAction.set(action, found)
    return found
  }
  return (action, resource, context = NO_CONTEXT) => {
    let decision: Decision = 'not allowed'
    for (const { isDeny, ofResource, fits } of rulesOf(action)) {
      if (!ofResource(resource) || (fits && !fits(context))) continue
      if (isDeny) return 'denied'
      decision = 'allowed'
    }
    return decision
  }
}

function ruleOf({ Effect, Action, NotAction, Resource, NotResource, Condition }: Statement): Rule {
  return {
    isDeny: Effect === 'Deny',
    // Names of actions ignore case.
    ofAction: either(lowerCase(Action), lowerCase(NotAction)),
    ofResource: either(Resource, NotResource),
    fits: Condition && conditionCheck(Condition),
  }
}

type Texts = string | readonly string[] | undefined

const lowerCase = (patterns: Texts) =>
  patterns === undefined ? undefined : [patterns].flat().map((pattern) => pattern.toLowerCase())

function either(patterns: Texts, notPatterns: Texts): Matcher {
  const matchers = [patterns ?? notPatterns ?? []].flat().map(matcher)
  const anyOf: Matcher = (text) => {
    for (const matches of matchers) if (matches(text)) return true
    return false
  }
  return patterns === undefined ? (text) => !anyOf(text) : anyOf
}
