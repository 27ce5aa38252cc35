/** Prices of AWS services in one region, in US dollars. */
export interface Prices {
  /** Day on which they were read, `YYYY-MM-DD`. */
  readonly date: string
  /** Origin of the prices, in words. */
  readonly source: string
  readonly region: string
  /** Price per hour of a processing job, by instance type. */
  readonly instances: Readonly<Record<string, number>>
  /** Price per GB-month of a job's volume. */
  readonly volumeGbMonth: number
  /** Price per GB-second of a Lambda function. */
  readonly lambdaGbSecond: number
  /** Price per million invocations of Lambda functions. */
  readonly lambdaMillionCalls: number
  /** Price per 1,000 state transitions of a standard workflow. */
  readonly thousandTransitions: number
  /** Price per 1,000 GET and HEAD requests to S3. */
  readonly thousandReads: number
  /** Price per 1,000 PUT, COPY and LIST requests to S3. */
  readonly thousandWrites: number
  /** Price per GB-month stored in S3. */
  readonly storageGbMonth: number
  /** Price per TB (10^12 bytes) that Athena scans. */
  readonly athenaTerabyte: number
  /** Price per DPU-hour of a Glue crawler. */
  readonly crawlerDpuHour: number
  /** Price per month of a custom metric. */
  readonly metricMonth: number
  /** Price per month of an alarm. */
  readonly alarmMonth: number
  /** Price per GB of ingested logs. */
  readonly logGb: number
}

/**
 * List prices of us-east-1, for Lambda on Graviton and S3 Standard. The option `--prices` replaces them with those of
 * another region or agreement.
 * https://aws.amazon.com/sagemaker/ai/pricing/ https://aws.amazon.com/lambda/pricing/
 * https://aws.amazon.com/step-functions/pricing/ https://aws.amazon.com/s3/pricing/
 * https://aws.amazon.com/athena/pricing/ https://aws.amazon.com/glue/pricing/
 * https://aws.amazon.com/cloudwatch/pricing/
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
