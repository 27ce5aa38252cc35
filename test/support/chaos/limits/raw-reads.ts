import type { Limits } from '@dayfold/local-aws/limits'

/** Reads of raw files per second, over the seconds in which S3 refused any. */
export interface ReadRates {
  /** Requests, refused ones included. */
  readonly asked: number
  readonly served: number
  readonly seconds: number
}

/** Returns limits that count the reads of keys for which `isRaw` is true, and the rates of these reads. */
export function withReadRates(limits: Limits, isRaw: (key: string) => boolean) {
  const bySecond = new Map<number, { served: number; refused: number }>()
  const counted: Limits = {
    ...limits,
    withS3(faults) {
      const inner = limits.withS3(faults)
      return {
        ...inner,
        next(call) {
          const fault = inner.next(call)
          if (call.operation === 'GetObject' && isRaw(call.key ?? '')) note(fault !== undefined)
          return fault
        },
      }
    },
  }
  function note(isRefused: boolean): void {
    const second = Math.floor(performance.now() / 1000)
    const reads = bySecond.get(second) ?? { served: 0, refused: 0 }
    reads[isRefused ? 'refused' : 'served']++
    bySecond.set(second, reads)
  }
  function rates(): ReadRates {
    const limited = [...bySecond.values()].filter(({ refused }) => refused > 0)
    const perSecond = (total: number) => (limited.length === 0 ? 0 : total / limited.length)
    const served = limited.reduce((sum, each) => sum + each.served, 0)
    const refused = limited.reduce((sum, each) => sum + each.refused, 0)
    return { asked: perSecond(served + refused), served: perSecond(served), seconds: limited.length }
  }
  return { limits: counted, rates }
}
