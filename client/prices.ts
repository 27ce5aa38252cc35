import { z } from 'zod'
import { DayfoldError } from '../core/errors.ts'

const dollars = z.number().min(0)

const PRICES = z.strictObject({
  /** When they were read, `YYYY-MM-DD`. */
  date: z.string(),
  /** Where. */
  source: z.string(),
  region: z.string(),
  /** Dollars an hour of a processing job by type of instance. */
  instances: z.record(z.string(), dollars),
  /** A GB-month of a job's volume. */
  volumeGbMonth: dollars,
  lambdaGbSecond: dollars,
  lambdaMillionCalls: dollars,
  /** Of a standard workflow. */
  thousandTransitions: dollars,
  /** GET and HEAD. */
  thousandReads: dollars,
  /** PUT, COPY and LIST. */
  thousandWrites: dollars,
  storageGbMonth: dollars,
  athenaTerabyte: dollars,
  crawlerDpuHour: dollars,
  metricMonth: dollars,
  alarmMonth: dollars,
  /** A GB of logs taken in. */
  logGb: dollars,
})

/** List prices in dollars. */
export type Prices = Readonly<z.output<typeof PRICES>>

/**
 * List prices of us-east-1. Others, of other regions and agreed ones, come in their place with `--prices`. Graviton's
 * price of Lambda; S3 Standard.
 * https://aws.amazon.com/sagemaker/ai/pricing/ https://aws.amazon.com/lambda/pricing/
 * https://aws.amazon.com/step-functions/pricing/ https://aws.amazon.com/s3/pricing/
 * https://aws.amazon.com/athena/pricing/ https://aws.amazon.com/glue/pricing/ https://aws.amazon.com/cloudwatch/pricing/
 */
export const LIST_PRICES: Prices = {
  date: '2026-11-26',
  source: "AWS's list prices of us-east-1, as published tables and projects repeat them",
  region: 'us-east-1',
  instances: {
    'ml.t3.medium': 0.05,
    'ml.t3.large': 0.1,
    'ml.t3.xlarge': 0.2,
    'ml.t3.2xlarge': 0.399,
    'ml.m5.large': 0.115,
    'ml.m5.xlarge': 0.23,
    'ml.m5.2xlarge': 0.461,
    'ml.m5.4xlarge': 0.922,
    'ml.m5.12xlarge': 2.765,
    'ml.m5.24xlarge': 5.53,
    'ml.c5.xlarge': 0.204,
    'ml.c5.2xlarge': 0.408,
    'ml.c5.4xlarge': 0.816,
    'ml.c5.9xlarge': 1.836,
    'ml.c5.18xlarge': 3.672,
    'ml.r5.large': 0.151,
    'ml.r5.xlarge': 0.302,
    'ml.r5.2xlarge': 0.605,
    'ml.r5.4xlarge': 1.21,
    'ml.r5.8xlarge': 2.419,
    'ml.r5.12xlarge': 3.629,
  },
  volumeGbMonth: 0.14,
  lambdaGbSecond: 0.0000133334,
  lambdaMillionCalls: 0.2,
  thousandTransitions: 0.025,
  thousandReads: 0.0004,
  thousandWrites: 0.005,
  storageGbMonth: 0.023,
  athenaTerabyte: 5,
  crawlerDpuHour: 0.44,
  metricMonth: 0.3,
  alarmMonth: 0.1,
  logGb: 0.5,
}

/**
 * List prices with others in their place.
 *
 * @param text JSON of some of the members of {@link Prices}; `instances` joins those of the list
 * @param file where it comes from, for the message
 * @throws DayfoldError InvalidInput for an unknown member or what is no price
 */
export function pricesWith(text: string, file: string): Prices {
  const others = PRICES.partial().safeParse(parsed(text))
  if (others.success) {
    const own = Object.fromEntries(Object.entries(others.data).filter(([, value]) => value !== undefined))
    const instances = { ...LIST_PRICES.instances, ...others.data.instances }
    return { ...LIST_PRICES, source: file, ...own, instances }
  }
  const { path, message } = others.error.issues[0]!
  throw new DayfoldError(
    'InvalidInput',
    `--prices ${file}: expected JSON with some of ${Object.keys(LIST_PRICES).join(', ')}, found ` +
      `${path.length === 0 ? message : `at ${path.join('.')}: ${message}`}.`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Processors of an instance: two of the sizes up to `large`, four for each x of the others. */
export function processors(instanceType: string): number {
  const size = instanceType.split('.').at(-1) ?? ''
  const times = /^(\d*)xlarge$/.exec(size)?.[1]
  return times === undefined ? 2 : 4 * Number(times || 1)
}
