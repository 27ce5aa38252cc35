import { CRAWL_DPU_HOURS } from '../../../core/cost/cost-lines.ts'
import { LIST_PRICES } from '../../../core/cost/prices.ts'
import { LEAST_QUERY_BYTES } from '../../../core/cost/usage.ts'

/** Types of instances whose price is known. */
export const PRICED_INSTANCES = Object.keys(LIST_PRICES.instances)

/** Usage that AWS bills. */
export interface Usage {
  /** Seconds by instance type. */
  readonly instanceSeconds: Readonly<Record<string, number>>
  readonly lambdaInvocations: number
  readonly lambdaGbSeconds: number
  readonly transitions: number
  /** Number of PUT, COPY, POST and LIST requests. */
  readonly s3Writes: number
  /** Number of GET and HEAD requests. */
  readonly s3Reads: number
  readonly crawls: number
  readonly queries: number
}

/**
 * Returns dollars by service, at list prices.
 *
 * @throws Error for an instance without a price
 */
export function costOf(usage: Usage): Readonly<Record<string, number>> {
  const prices = LIST_PRICES
  return {
    SageMaker: Object.entries(usage.instanceSeconds).reduce(
      (sum, [type, seconds]) => sum + (seconds / 3600) * priceOf(type),
      0,
    ),
    Lambda:
      usage.lambdaGbSeconds * prices.lambdaGbSecond +
      (usage.lambdaInvocations * prices.lambdaMillionCalls) / 1e6,
    'Step Functions': (usage.transitions * prices.thousandTransitions) / 1000,
    S3: (usage.s3Writes * prices.thousandWrites + usage.s3Reads * prices.thousandReads) / 1000,
    Glue: usage.crawls * CRAWL_DPU_HOURS * prices.crawlerDpuHour,
    Athena: (usage.queries * LEAST_QUERY_BYTES * prices.athenaTerabyte) / 1e12,
  }
}

function priceOf(instanceType: string): number {
  const price = LIST_PRICES.instances[instanceType]
  if (price === undefined) throw new Error(`Instance ${instanceType}: expected one with a price, found none.`)
  return price
}
