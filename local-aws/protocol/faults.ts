import { randomBytes } from 'node:crypto'
import type { Caller } from './caller.ts'
import { fraction } from './fraction.ts'
import type { StepSource } from './steps.ts'

export { randomWaits, type RandomWaitsOptions, type Step, type StepFault, type StepSource } from './steps.ts'

/** A call to a local AWS service, as far as faults are chosen by it. */
export interface Call {
  /** Name in the credential scope: `s3`, `states`, `glue`, `athena`, `sagemaker`. */
  readonly service: string
  /** Such as `GetObject`. */
  readonly operation: string
  readonly bucket?: string | undefined
  readonly key?: string | undefined
  readonly caller: Caller
}

/** Something that goes wrong with one call. */
export type Fault =
  /** Answers with an error; the call has no effect. */
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message?: string }
  /** Runs the call, but this much later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Breaks the connection: before the call has any effect, or after this many bytes of the answer's body. */
  | { readonly kind: 'reset'; readonly afterBytes?: number }
  /** Gives a well-formed answer whose body ends after this many bytes: only a size or checksum reveals it. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** Takes effect, then breaks the connection instead of answering. */
  | { readonly kind: 'lose-answer' }
  /** S3 reads only: the object has another ETag than listed, as if it had been replaced. */
  | { readonly kind: 'changed' }

/** S3's InternalError. */
export const INTERNAL_ERROR: Fault = { kind: 'error', code: 'InternalError', status: 500 }
/** S3's throttling. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const SLOW_DOWN: Fault = { kind: 'error', code: 'SlowDown', status: 503 }
/** Error for an object that was deleted after it was listed. */
export const GONE: Fault = { kind: 'error', code: 'NoSuchKey', status: 404 }

/** A fault and the calls that it happens to. An absent member matches every call. */
export interface FaultRule {
  readonly service?: string
  readonly operation?: string | RegExp
  readonly bucket?: string
  /** The whole key, or a pattern. */
  readonly key?: string | RegExp
  readonly accessKeyId?: string
  /**
   * The first matching call, counted from 1, that it happens to.
   * @default 1
   */
  readonly nth?: number
  /**
   * Number of matching calls, from the nth on, that it happens to.
   * @default 1
   */
  readonly times?: number
  readonly fault: Fault
}

/** The port through which tests make services misbehave. Services that get none behave, at no cost. */
export interface Faults {
  /** Returns the fault of this call; undefined if it succeeds. */
  next(call: Call): Fault | undefined
  /** Called after every change of state has taken effect and before it is answered. */
  wrote(call: Call): Promise<void>
  /** Chooses the fault of a step that a service takes by itself. */
  readonly step?: StepSource | undefined
}

/** Chooses a fault for a call, or undefined for none. */
export type FaultSource = (call: Call) => Fault | undefined

/** Where faults come from, and who hears of writes. */
export interface FaultsOptions {
  /** Asked in order; the first fault found happens. @default none */
  readonly rules?: readonly FaultRule[]
  /** Asked if no rule matches, such as {@link randomFaults}. @default none */
  readonly source?: FaultSource
  /** Asked for every step that a service takes by itself, such as {@link randomWaits}. @default no step is disturbed */
  readonly steps?: StepSource
  /**
   * Called after the k-th change of state, counted from 1 over all services, has taken effect and before it is
   * answered. The answer waits for it; it may kill processes. An error that it throws becomes the answer.
   * @default no call
   */
  readonly afterWrite?: (k: number, call: Call) => void | Promise<void>
}

/** Faults that follow rules. Rules can be added while calls arrive. */
export interface RuledFaults extends Faults {
  add(rule: FaultRule): void
  /** Number of changes of state so far. */
  readonly writes: number
  /** Faults that happened, in order. */
  readonly happened: readonly { readonly call: Call; readonly fault: Fault }[]
}

/** Creates faults from rules, a source and a hook on writes. */
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

/** How often random faults happen, to which calls, and which. */
export interface RandomFaultsOptions {
  /** Any text; equal seeds give equal faults. @default a new one */
  readonly seed?: string
  /** Share of calls that a fault happens to, from 0 to 1. */
  readonly rate: number
  /** Faults to choose from, all equally likely. @default {@link TRANSIENT_FAULTS} */
  readonly faults?: readonly Fault[]
  /** True for the calls that faults can happen to. @default all */
  readonly where?: (call: Call) => boolean
}

/** Faults that a retrying caller recovers from. */
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
 * Chooses faults at random. The choice follows from the seed, the call (service, operation, bucket, key) and the number
 * of such calls so far, not from the order among different calls, so that parallel callers change nothing.
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
