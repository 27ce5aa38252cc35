import { LocalAwsError } from '../errors.ts'
import { matcher, type Matcher } from './pattern.ts'

/**
 * `Condition` of a policy statement: operators such as `StringEquals`, each with condition keys, each with its allowed
 * values.
 */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
/** Compiled `Condition` of a statement: returns true if the condition keys of a request satisfy all of it. */
export type ConditionCheck = (context: Readonly<Record<string, string>>) => boolean

const exactly = (value: string): Matcher => {
  return (text) => text === value
}

const OPERATORS: Readonly<Record<string, (value: string) => Matcher>> = {
  StringEquals: exactly,
  StringLike: matcher,
  // Both allow wildcards.
  ArnEquals: matcher,
  ArnLike: matcher,
  Bool: (value) => exactly(value.toLowerCase()),
}

/**
 * Compiles the `Condition` of a statement. A request satisfies it if it has every condition key, each with one of the
 * listed values; names of keys ignore case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 *
 * @throws LocalAwsError NotImplemented for an operator that is unknown here
 */
export function conditionCheck(conditions: Conditions): ConditionCheck {
  const checks = Object.entries(conditions).flatMap(([operator, keys]) => {
    if (!Object.hasOwn(OPERATORS, operator)) throw unknownOperator(operator)
    return Object.entries(keys).map(([key, values]) => keyCheck(key, values, OPERATORS[operator]!))
  })
  return (context) => checks.every((check) => check(context))
}

function keyCheck(
  key: string,
  values: string | readonly string[],
  matcherOf: (value: string) => Matcher,
): ConditionCheck {
  const matchers = [values].flat().map((value) => matcherOf(String(value)))
  return (context) => {
    // Names of condition keys ignore case.
    const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())
    return found !== undefined && matchers.some((matches) => matches(found[1]))
  }
}

function unknownOperator(found: string): LocalAwsError {
  const known = Object.keys(OPERATORS).join(', ')
  return new LocalAwsError(
    'NotImplemented',
    `Policy: condition operator: expected one of ${known}, found "${found}". Add it to local-aws/iam/conditions.ts.`,
  )
}
