import { Validations } from 'aws-cdk-lib/core'
import type { IConstruct } from 'constructs'

/**
 * Records why a construct and everything below it is exempt from rules of a checker such as cdk-nag.
 *
 * @param reasons the reason for each rule, by the rule's id
 */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const validations = Validations.of(scope)
  for (const [id, reason] of Object.entries(reasons)) validations.acknowledge({ id, reason })
}
