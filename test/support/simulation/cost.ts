/**
 * Dollars in us-east-1 on demand, read on 2026-11-26: https://aws.amazon.com/sagemaker/pricing/,
 * https://aws.amazon.com/lambda/pricing/ (arm64), https://aws.amazon.com/step-functions/pricing/,
 * https://aws.amazon.com/s3/pricing/, https://aws.amazon.com/glue/pricing/, https://aws.amazon.com/athena/pricing/.
 */
const INSTANCE_HOUR: Readonly<Record<string, number>> = {
  'ml.m5.large': 0.115,
  'ml.m5.xlarge': 0.23,
  'ml.m5.2xlarge': 0.461,
  'ml.m5.4xlarge': 0.922,
}
/** Types of instances whose price is known. */
export const PRICED_INSTANCES = Object.keys(INSTANCE_HOUR)
const LAMBDA_GB_SECOND = 0.0000133334
const LAMBDA_REQUEST = 0.2e-6
const TRANSITION = 0.025e-3
const S3_WRITE = 0.005e-3
const S3_READ = 0.0004e-3
/** Two DPU for ten minutes at least. */
const CRAWL = 0.15
/** 10 MB at least are billed of 5 dollars a TB. */
const QUERY = (5 * 10e6) / 1e12

/** What is billed. */
export interface Usage {
  /** Seconds by instance type. */
  readonly instanceSeconds: Readonly<Record<string, number>>
  readonly lambdaInvocations: number
  readonly lambdaGbSeconds: number
  readonly transitions: number
  /** PUT, COPY, POST and LIST. */
  readonly s3Writes: number
  /** GET and HEAD. */
  readonly s3Reads: number
  readonly crawls: number
  readonly queries: number
}

/** Dollars by service. */
export function costOf(usage: Usage): Readonly<Record<string, number>> {
  return {
    SageMaker: Object.entries(usage.instanceSeconds).reduce(
      (sum, [type, seconds]) => sum + (seconds / 3600) * priceOf(type),
      0,
    ),
    Lambda: usage.lambdaGbSeconds * LAMBDA_GB_SECOND + usage.lambdaInvocations * LAMBDA_REQUEST,
    'Step Functions': usage.transitions * TRANSITION,
    S3: usage.s3Writes * S3_WRITE + usage.s3Reads * S3_READ,
    Glue: usage.crawls * CRAWL,
    Athena: usage.queries * QUERY,
  }
}

function priceOf(instanceType: string): number {
  const price = INSTANCE_HOUR[instanceType]
  if (price === undefined) throw new Error(`Instance ${instanceType}: expected one with a price, found none.`)
  return price
}
