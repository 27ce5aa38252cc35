import { AwsError } from './aws-error.ts'
import type { Call, Fault, Faults } from './faults.ts'

/** Options of {@link createLimits}: limits of the simulated account. All are off by default. */
export interface LimitsOptions {
  /** Rate limit of S3 for each prefix; requests beyond it get 503 SlowDown. @default no limit */
  readonly s3?: {
    /** Requests per second; up to one second's requests may come at once. */
    readonly perSecond: number
    /**
     * Returns the prefix of a key whose requests share one rate; undefined for a key without a limit.
     * @default one rate per bucket
     */
    readonly prefixOf?: (key: string) => string | undefined
    /** Pattern of the operations' names that are limited. @default all operations */
    readonly operation?: RegExp
  }
  /**
   * Maximum number of instances in use at the same time, by type, such as `{ 'ml.m5.2xlarge': 2 }`.
   * @default no limit
   */
  readonly instances?: Readonly<Record<string, number>>
  /** Maximum number of CreateProcessingJob calls per second. @default no limit */
  readonly createsPerSecond?: number
  /** Seconds, on the services' clock, between the creation of a job and the start of its program. @default 0 */
  readonly startSeconds?: number
  /** Maximum number of invocations at the same time, of all functions together. @default no limit */
  readonly concurrency?: number
  /** Returns the time in milliseconds by which rates are measured. @default this machine's clock */
  readonly now?: () => number
}

/** Numbers of calls, since the limits were created, that one limit has let through and refused. */
export interface Count {
  passed: number
  refused: number
}

/** A CreateProcessingJob call that was checked against the limits. */
export interface Create {
  /** Name of the job. */
  readonly name: string
  /** Time of the call in milliseconds, by `LimitsOptions.now`. */
  readonly at: number
  /** `throttled` if the rate of calls was exceeded, `over the quota` if the number of instances was. */
  readonly outcome: 'passed' | 'throttled' | 'over the quota'
}

/**
 * Limits of the simulated account, which all services of a stack share, with counts of what they let through and
 * refused.
 */
export interface Limits {
  /** Seconds, on the services' clock, between the creation of a job and the start of its program. */
  readonly startSeconds: number
  /** Counts by limit. */
  readonly counts: Readonly<Record<'s3' | 'creates' | 'instances' | 'invocations', Count>>
  /** Every CreateProcessingJob call that was checked, oldest first. */
  readonly creates: readonly Create[]
  /** Returns faults for S3 that answer SlowDown beyond the rate limit, and otherwise do what `faults` does. */
  withS3(faults: Faults | undefined): Faults
  /**
   * Reserves instances for a new job.
   *
   * @returns a function that frees them; only its first call counts
   * @throws AwsError ThrottlingException beyond the rate of calls, ResourceLimitExceeded beyond the number of instances
   */
  takeInstances(job: { readonly name: string; readonly type: string; readonly count: number }): () => void
  /**
   * Reserves one of the concurrent invocations.
   *
   * @returns a function that frees it; only its first call counts
   * @throws AwsError TooManyRequestsException beyond their number
   */
  takeInvocation(): () => void
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const SLOW_DOWN: Fault = {
  kind: 'error',
  code: 'SlowDown',
  status: 503,
  message: 'Please reduce your request rate.',
}

/**
 * Creates limits of the simulated account. Services that get them refuse, with AWS's errors, what goes beyond.
 *
 * - S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 * - SageMaker: https://docs.aws.amazon.com/general/latest/gr/sagemaker.html#limits_sagemaker
 * - Lambda: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export function createLimits(options: LimitsOptions): Limits {
  const {
    s3,
    instances = {},
    createsPerSecond = Infinity,
    concurrency = Infinity,
    startSeconds = 0,
  } = options
  const now = options.now ?? (() => performance.now())
  const count = (): Count => ({ passed: 0, refused: 0 })
  const counts = { s3: count(), creates: count(), instances: count(), invocations: count() }
  const creates: Create[] = []
  const ofPrefix = new Map<string, () => boolean>()
  const takeCreate = tokenBucket(createsPerSecond, now)
  const inUse = new Map<string, number>()
  let invocations = 0

  /** Counts a call and returns `isPassed`. */
  const passes = (name: keyof typeof counts, isPassed: boolean) => {
    counts[name][isPassed ? 'passed' : 'refused']++
    return isPassed
  }

  function s3Fault({ service, operation, bucket, key = '' }: Call): Fault | undefined {
    if (!s3 || service !== 's3' || (s3.operation && !s3.operation.test(operation))) return undefined
    const ofKey = s3.prefixOf ? s3.prefixOf(key) : ''
    if (ofKey === undefined) return undefined
    const prefix = `${bucket}/${ofKey}`
    const take = ofPrefix.get(prefix) ?? tokenBucket(s3.perSecond, now)
    ofPrefix.set(prefix, take)
    return passes('s3', take()) ? undefined : SLOW_DOWN
  }

  return {
    startSeconds,
    counts,
    creates,
    withS3: (faults) => ({
      next: (call) => s3Fault(call) ?? faults?.next(call),
      wrote: async (call) => faults?.wrote(call),
      step: faults?.step,
    }),
    takeInstances({ name, type, count }) {
      const note = (outcome: Create['outcome']) => creates.push({ name, at: now(), outcome })
      if (!passes('creates', takeCreate())) {
        note('throttled')
        throw new AwsError('ThrottlingException', 'Rate exceeded', 400)
      }
      const used = inUse.get(type) ?? 0
      const quota = instances[type] ?? Infinity
      if (!passes('instances', used + count <= quota)) {
        note('over the quota')
        throw new AwsError('ResourceLimitExceeded', overQuota(type, quota, used, count), 400)
      }
      note('passed')
      inUse.set(type, used + count)
      return once(() => void inUse.set(type, inUse.get(type)! - count))
    },
    takeInvocation() {
      if (!passes('invocations', invocations < concurrency)) {
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429)
      }
      invocations++
      return once(() => void invocations--)
    },
  }
}

function overQuota(type: string, quota: number, used: number, delta: number): string {
  return (
    `The account-level service limit '${type} for processing job usage' is ${quota} Instances, with current ` +
    `utilization of ${used} Instances and a request delta of ${delta} Instances. Please use AWS Service Quotas to ` +
    'request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an ' +
    'increase for this quota.'
  )
}

/** Holds at most one second's tokens, refilled continuously. Returns a function that takes one, if there is one. */
function tokenBucket(perSecond: number, now: () => number): () => boolean {
  const most = Math.max(1, perSecond)
  let tokens = most
  let at = now()
  return () => {
    if (perSecond === Infinity) return true
    const time = now()
    tokens = Math.min(most, tokens + ((time - at) / 1000) * perSecond)
    at = time
    if (tokens < 1) return false
    tokens--
    return true
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
