import { randomBytes } from 'node:crypto'
import type { Caller } from './caller.ts'
import { fraction } from './fraction.ts'
import type { StepSource } from './steps.ts'

export { randomWaits, type RandomWaitsOptions, type Step, type StepFault, type StepSource } from './steps.ts'

/** A call to a local AWS service, described by the facts from which faults are chosen. */
export interface Call {
  /** Signing name of the service: `s3`, `states`, `glue`, `athena` or `sagemaker`. */
  readonly service: string
  /** AWS's name of the operation, such as `GetObject`. */
  readonly operation: string
  /** S3 only: name of the bucket. */
  readonly bucket?: string | undefined
  /**
   * Key of the S3 object; for a change that a crawler makes, the table and the values of the partition. Absent for
   * other calls.
   */
  readonly key?: string | undefined
  readonly caller: Caller
}

/** Something that goes wrong with one call, on purpose, to test how its caller copes. */
export type Fault =
  /** Answers with an error; the call has no effect. */
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message?: string }
  /** Runs the call after that many milliseconds of this machine's time. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /**
   * Breaks the connection: without `afterBytes` before the call has any effect, else after that many bytes of the
   * answer's body.
   */
  | { readonly kind: 'reset'; readonly afterBytes?: number }
  /**
   * Sends a well-formed answer whose body ends after that many bytes. The client can notice only by the expected size
   * or a checksum.
   */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** Lets the call take effect, then breaks the connection instead of answering. */
  | { readonly kind: 'lose-answer' }
  /** S3 reads only: answers with another ETag than listings show, as if the object had been replaced. */
  | { readonly kind: 'changed' }

/** Fault that answers with S3's InternalError, status 500. */
export const INTERNAL_ERROR: Fault = { kind: 'error', code: 'InternalError', status: 500 }
/**
 * Fault that answers with S3's throttling error, SlowDown, status 503.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const SLOW_DOWN: Fault = { kind: 'error', code: 'SlowDown', status: 503 }
/** Fault that answers with S3's NoSuchKey, status 404, as for an object that was deleted after it was listed. */
export const GONE: Fault = { kind: 'error', code: 'NoSuchKey', status: 404 }

/** A fault, and a description of the calls that it happens to. A call must match all members that are present. */
export interface FaultRule {
  readonly service?: string
  /** The whole name, or a pattern that occurs in it. */
  readonly operation?: string | RegExp
  readonly bucket?: string
  /** The whole key, or a pattern that occurs in it. */
  readonly key?: string | RegExp
  readonly accessKeyId?: string
  /**
   * Number of the first matching call, counted from 1, to which the fault happens.
   * @default 1
   */
  readonly nth?: number
  /**
   * Number of matching calls, beginning with the nth, to which the fault happens.
   * @default 1
   */
  readonly times?: number
  readonly fault: Fault
}

/**
 * Hooks through which tests make services misbehave. A service asks them about every call; a service without them
 * behaves like AWS.
 */
export interface Faults {
  /** Returns the fault that happens to a call; undefined for none. Called once per call, before it takes effect. */
  next(call: Call): Fault | undefined
  /** Awaited after a call has changed state and before it is answered. */
  wrote(call: Call): Promise<void>
  /** Chooses the fault for a step that a service takes by itself, such as a crawler's writing. @default no faults */
  readonly step?: StepSource | undefined
}

/** Chooses a fault for a call, or undefined for none. */
export type FaultSource = (call: Call) => Fault | undefined

/** Options of {@link createFaults}. */
export interface FaultsOptions {
  /** Rules that choose faults; of several that apply to a call, the first one decides. @default none */
  readonly rules?: readonly FaultRule[]
  /** Chooses a fault for calls to which no rule applies, such as {@link randomFaults}. @default none */
  readonly source?: FaultSource
  /** Chooses faults for steps that services take by themselves, such as {@link randomWaits}. @default none */
  readonly steps?: StepSource
  /**
   * Awaited after each change of state, before it is answered; it may kill processes. `k` is the number of the change,
   * counted from 1 over all services. An error that it throws becomes the answer.
   * @default no call
   */
  readonly afterWrite?: (k: number, call: Call) => void | Promise<void>
}

/** Faults that {@link createFaults} has made, with a record of what happened. */
export interface RuledFaults extends Faults {
  /** Adds a rule after the others, also while calls arrive. It counts matching calls from now on. */
  add(rule: FaultRule): void
  /** Number of changes of state so far, over all services. */
  readonly writes: number
  /** Faults that happened so far, oldest first, each with its call. */
  readonly happened: readonly { readonly call: Call; readonly fault: Fault }[]
}

/** Creates the faults that services take as an option, from rules, random sources and a hook on changes of state. */
export function createFaults(options: FaultsOptions = {}): RuledFaults {
  const sources = (options.rules ?? []).map(fromRule)
  const happened: { call: Call; fault: Fault }[] = []
  let writes = 0
  return {
    step: options.steps,
    add: (rule) => void sources.push(fromRule(rule)),
    get writes() {
      return writes
    },
    happened,
    next(call) {
      // Every rule counts the call, even if an earlier one decides it.
      const chosen = sources.map((source) => source(call)).find((fault) => fault !== undefined)
      const fault = chosen ?? options.source?.(call)
      if (fault) happened.push({ call, fault })
      return fault
    },
    async wrote(call) {
      writes += 1
      await options.afterWrite?.(writes, call)
    },
  }
}

function fromRule(rule: FaultRule): FaultSource {
  const { nth = 1, times = 1 } = rule
  let seen = 0
  return (call) => {
    if (!matches(rule, call)) return undefined
    seen += 1
    return seen >= nth && seen < nth + times ? rule.fault : undefined
  }
}

function matches(rule: FaultRule, call: Call): boolean {
  return (
    (rule.service === undefined || rule.service === call.service) &&
    (rule.bucket === undefined || rule.bucket === call.bucket) &&
    (rule.accessKeyId === undefined || rule.accessKeyId === call.caller.accessKeyId) &&
    fits(rule.operation, call.operation) &&
    fits(rule.key, call.key)
  )
}

function fits(pattern: string | RegExp | undefined, text: string | undefined): boolean {
  if (pattern === undefined) return true
  if (text === undefined) return false
  return typeof pattern === 'string' ? pattern === text : text.search(pattern) >= 0
}

/** Options of {@link randomFaults}. */
export interface RandomFaultsOptions {
  /** Any text; equal seeds give equal faults. @default a random text */
  readonly seed?: string
  /** Share of calls to which a fault happens, from 0 to 1. */
  readonly rate: number
  /** Faults to choose from, all equally likely. @default {@link TRANSIENT_FAULTS} */
  readonly faults?: readonly Fault[]
  /** Returns true for a call to which a fault may happen. @default all calls */
  readonly where?: (call: Call) => boolean
}

/**
 * Faults from which a caller that retries must recover: S3's transient errors, broken connections, short bodies, delays
 * and lost answers.
 */
export const TRANSIENT_FAULTS: readonly Fault[] = [
  INTERNAL_ERROR,
  SLOW_DOWN,
  { kind: 'reset' },
  { kind: 'reset', afterBytes: 100 },
  { kind: 'truncate', afterBytes: 100 },
  { kind: 'delay', milliseconds: 50 },
  { kind: 'lose-answer' },
]

/**
 * Returns a source of random faults that a seed can reproduce. Whether a call gets a fault follows from the seed, from
 * its service, operation, bucket and key, and from the number of equal calls before it. The order of different calls
 * does not matter, so parallel callers can be reproduced as well.
 */
export function randomFaults(options: RandomFaultsOptions): FaultSource & { readonly seed: string } {
  const {
    seed = randomBytes(4).toString('hex'),
    rate,
    faults = TRANSIENT_FAULTS,
    where = () => true,
  } = options
  const counts = new Map<string, number>()
  const choose = (call: Call) => {
    if (!where(call)) return undefined
    const name = [call.service, call.operation, call.bucket, call.key].join('\0')
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (fraction(`${seed}\0rate\0${count}\0${name}`) >= rate) return undefined
    return faults[Math.floor(fraction(`${seed}\0kind\0${count}\0${name}`) * faults.length)]
  }
  return Object.assign(choose, { seed })
}
