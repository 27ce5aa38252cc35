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

/** Faults that every command sets anew. */
export interface Disturbances {
  readonly faults: Faults
  /** Begins a command; what it returns tells what was observed since. */
  begin(command: RunCommand, aws: LocalDayfold): () => Pick<RunResult, 'writes' | 'killed' | 'faults'>
}

/** Faults that can be changed while a server runs. */
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

/** Queries list folders and crawls write what they found up to so much later, whatever else goes wrong. */
const LATEST_MS = 50

/** What may happen to a raw object between listing and reading it, besides what may happen to any call. */
const RAW_FAULTS = [...TRANSIENT_FAULTS, GONE, { kind: 'changed' } as const]
/** A run reads few raw objects and makes many other calls: these go wrong that much more often. */
const RAW_SHARE = 3
const DELAYS = [3, 10, 30, 100].map((milliseconds) => ({ kind: 'delay', milliseconds }) as const)

const isReadOfRaw = ({ operation, bucket }: Call) => operation === 'GetObject' && bucket === 'raw'
const isOther = (call: Call) => !isReadOfRaw(call)

/** Calls of functions and jobs go wrong; those of whoever watches do not. */
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
    // Named without what a run makes up, the same seed gives the same to the same calls.
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
