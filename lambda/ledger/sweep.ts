import { errorToData, type ErrorData } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import type { Ledger } from './ledger.ts'
import { rollForward, type ResolvedIntent } from './operations/finish.ts'
import { listOpenDays, reconcileOpenEntry } from './open-entries.ts'

/**
 * A day with an entry in `state/_open/`, and what {@link sweepOpenIntents} found of the operation (the intent) that its
 * manifest announces.
 */
export interface SweptDay extends DatasetDay {
  /**
   * `finished`: carried out. `forgotten`: dropped, as it could not be finished. `in-progress`: left to the function
   * that holds or opens it. `none`: there was none. `failed`: see `error`.
   */
  readonly end: 'finished' | 'forgotten' | 'in-progress' | 'none' | 'failed'
  /** Why the day failed. @default it did not */
  readonly error?: ErrorData
}

/** Intents finished at once: each keeps several calls in flight. */
const SWEPT_AT_ONCE = 4

/**
 * Finishes the operations (intents) that dead functions have left announced in manifests: those whose lease is over, of
 * any day. Removes entries of `state/_open/` that are out of date. A day that fails is reported in the result and stops
 * no other.
 *
 * @param table default: all tables
 */
export async function sweepOpenIntents(ledger: Ledger, table?: string): Promise<SweptDay[]> {
  const days = await listOpenDays(ledger.data, table)
  return await inParallel(
    days,
    async ({ dataset, date }) => ({ dataset, date, ...(await sweepDay(ledger, { dataset, date })) }),
    SWEPT_AT_ONCE,
  )
}

const SWEPT: Readonly<Record<ResolvedIntent['kind'], SweptDay['end']>> = {
  finished: 'finished',
  published: 'finished',
  forgotten: 'forgotten',
  superseded: 'in-progress',
  leased: 'in-progress',
  none: 'none',
}

async function sweepDay(ledger: Ledger, day: DatasetDay): Promise<Pick<SweptDay, 'end' | 'error'>> {
  try {
    const state = await reconcileOpenEntry(ledger, day)
    if (state.kind === 'none') return { end: 'none' }
    if (state.kind === 'opening') return { end: 'in-progress' }
    const { kind } = await rollForward(ledger, day)
    return { end: SWEPT[kind] }
  } catch (error) {
    return { end: 'failed', error: errorToData(error) }
  }
}
