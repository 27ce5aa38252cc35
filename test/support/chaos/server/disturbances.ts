import { createHash } from 'node:crypto'
import type { LocalDayfold } from '../../../../local/deploy.ts'
import {
  createFaults,
  GONE,
  randomFaults,
  randomWaits,
  TRANSIENT_FAULTS,
  type Call,
  type Faults,
  type FaultSource,
} from '@dayfold/local-aws/faults'
import type { RandomChaos, RunCommand, RunResult } from './messages.ts'
import { isFromChild, killAfter } from './victims.ts'
import { lastingKey, writeNamer } from './writes.ts'

/** Faults that each command sets anew. */
export interface Disturbances {
  readonly faults: Faults
  /** Begins a command; returns a function that gives the observations since. */
  begin(command: RunCommand, aws: LocalDayfold): () => Pick<RunResult, 'writes' | 'killed' | 'faults'>
}

/** Returns faults that can be changed while a server runs. */
export function disturbances(): Disturbances {
  let current: Faults = createFaults()
  return {
    faults: {
      next: (call) => current.next(call),
      wrote: (call) => current.wrote(call),
      step: (step) => current.step?.(step),
    },
    begin({ kill, random }, aws) {
      const name = writeNamer()
      const writes: string[] = []
      const deaths: string[] = []
      let killed = false
      const faults = createFaults({
        ...(random && { source: randomSource(random) }),
        steps: randomWaits({ seed: random?.seed ?? 'late', mostMilliseconds: LATEST_MS }),
        async afterWrite(k, call) {
          const write = name(call)
          writes.push(write)
          if (kill && (write === kill.after || k === kill.after)) {
            killed = true
            await killAfter(aws, call, kill)
          } else if (random && isDeadly(random, write) && isFromChild(aws, call)) {
            deaths.push(`death of the writer after ${write}`)
            await killAfter(aws, call, { victim: 'container' })
          }
        },
      })
      current = faults
      return () => ({
        writes,
        killed,
        faults: [...faults.happened.map(({ call, fault }) => describe(call, fault)), ...deaths],
      })
    },
  }
}

/** Longest delay in milliseconds of queries that list folders and of crawls that write, beside all other faults. */
const LATEST_MS = 50

/** Faults that may happen to a raw object between listing and reading, beside those of any call. */
const RAW_FAULTS = [...TRANSIENT_FAULTS, GONE, { kind: 'changed' } as const]
/** Factor of faults for reads of raw objects, which are few among the calls of a run. */
const RAW_SHARE = 3
const DELAYS = [3, 10, 30, 100].map((milliseconds) => ({ kind: 'delay', milliseconds }) as const)

const isReadOfRaw = ({ operation, bucket }: Call) => operation === 'GetObject' && bucket === 'raw'
const isOther = (call: Call) => !isReadOfRaw(call)

/** Makes calls of functions and jobs fail, but not those of observers. */
function randomSource({ seed, rate, kind }: RandomChaos): FaultSource {
  const sources =
    kind === 'delays'
      ? [randomFaults({ seed, rate, faults: DELAYS })]
      : [
          randomFaults({ seed, rate: RAW_SHARE * rate, faults: RAW_FAULTS, where: isReadOfRaw }),
          randomFaults({ seed, rate, where: isOther }),
        ]
  return (call) => {
    if (!/^LOCAL\d/.test(call.caller.accessKeyId)) return undefined
    // Calls are named without text that a run makes up, so that the same seed gives the same faults to the same calls.
    const named = { ...call, key: call.key === undefined ? undefined : lastingKey(call.key) }
    return sources.map((source) => source(named)).find((fault) => fault !== undefined)
  }
}

function isDeadly({ seed, deathRate }: RandomChaos, write: string): boolean {
  const digest = createHash('sha256').update(`${seed}\0death\0${write}`).digest()
  return digest.readUInt32BE() / 2 ** 32 < deathRate
}

const describe = ({ service, operation, key = '' }: Call, fault: object) =>
  `${JSON.stringify(fault)} in ${service} ${operation} ${key}`.trim()
