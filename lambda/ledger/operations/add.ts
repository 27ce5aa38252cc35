import { locationOf } from '../../../core/layout.ts'
import type { AddIntent } from '../../../core/manifest.ts'
import { copyAll, withEtags } from '../copies.ts'
import { commit, FINISHED, SUPERSEDED, type IntentEnd } from '../intents.ts'
import type { Held, Ledger } from '../ledger.ts'
import { putUnverified } from '../unverified-entries.ts'
import { forget } from './forget.ts'

/**
 * Carries out the operation ADD: copies at most one new part into the folder that readers see. A query reads the part
 * or does not; both results are consistent. Reject files and sketches are copied first, so that nothing can fail once
 * the part is there.
 */
export async function add(ledger: Ledger, held: Held<AddIntent>): Promise<IntentEnd> {
  const { copies, next } = held.manifest.intent
  const parts = copies.filter(({ to }) => to.startsWith(locationOf(next)))
  const others = copies.filter((copy) => !parts.includes(copy))
  const copied = (await copyAll(ledger, others, next.attempt)) && (await copyAll(ledger, parts, next.attempt))
  if (!copied) return await forget(ledger, held)
  await putUnverified(ledger.data, next)
  const published = { ...next, parts: withEtags(next.parts, copied) }
  return (await commit(ledger, held, { published })) ? FINISHED : SUPERSEDED
}
