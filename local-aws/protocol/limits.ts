import { AwsError } from './aws-error.ts'
import type { Call, Fault, Faults } from './faults.ts'

/** Limits of the account; all are off by default. */
export interface LimitsOptions {
  /** Requests per second that S3 serves for each prefix; beyond them 503 SlowDown. @default any number */
  readonly s3?: {
    readonly perSecond: number
    /**
     * Returns the part of a key that is a prefix with a rate of its own; undefined for a key without any limit.
     * @default one rate per bucket
     */
    readonly prefixOf?: (key: string) => string | undefined
    /** Names of the operations that count. @default all */
    readonly operation?: RegExp
  }
  /** Instances in use at once, by type, such as `{ 'ml.m5.2xlarge': 2 }`. @default any number */
  readonly instances?: Readonly<Record<string, number>>
  /** CreateProcessingJob calls per second. @default any number */
  readonly createsPerSecond?: number
  /** Seconds on the services' clock from a job's creation to its program's start. @default 0 */
  readonly startSeconds?: number
  /** Invocations of all functions at once. @default any number */
  readonly concurrency?: number
  /** Clock of the rates, in milliseconds. @default this machine's clock */
  readonly now?: () => number
}

/** Numbers of calls that a limit has let through and refused. */
export interface Count {
  passed: number
  refused: number
}

/** A CreateProcessingJob call and its outcome. */
export interface Create {
  readonly name: string
  /** Milliseconds, by `LimitsOptions.now`. */
  readonly at: number
  readonly outcome: 'passed' | 'throttled' | 'over the quota'
}

/** Limits of an account, shared by everything that a stack runs. */
export interface Limits {
  readonly startSeconds: number
  readonly counts: Readonly<Record<'s3' | 'creates' | 'instances' | 'invocations', Count>>
  /** Every CreateProcessingJob call that reached the limits, in order. */
  readonly creates: readonly Create[]
  /** Returns faults that check S3's limit before `faults`. */
  withS3(faults: Faults | undefined): Faults
  /**
   * Takes instances of the account for a job.
   *
   * @returns a function that gives them back
   * @throws AwsError ThrottlingException, ResourceLimitExceeded
   */
  takeInstances(job: { readonly name: string; readonly type: string; readonly count: number }): () => void
  /**
   * Takes one of the concurrent invocations.
   *
   * @returns a function that gives it back
   * @throws AwsError TooManyRequestsException
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
 * Creates limits that hold from the first request on.
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
