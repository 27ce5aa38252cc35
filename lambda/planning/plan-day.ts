import { hasEnded } from '../../core/dates.ts'
import { DayfoldError } from '../../core/errors.ts'
import { rawDayPrefix, s3Uri } from '../../core/layout.ts'
import type { Published, UnreadObjects } from '../../core/manifest.ts'
import type { PlanDayInput, PlanDayOutput } from '../../core/messages.ts'
import { ACCEPT, MODES, TEND } from '../../core/modes.ts'
import { MANIFEST_GONE } from '../../core/redo.ts'
import type { Attempt } from '../../core/attempt.ts'
import { headManifest, type ManifestHead, readAttempt } from '../../aws/day-state.ts'
import { isUnfinished } from '../ledger/attempts.ts'
import { putAwayEntry } from '../ledger/away-entries.ts'
import type { StoredManifest } from '../ledger/ledger.ts'
import { whySuperseded } from '../ledger/table-columns.ts'
import { NO_MANIFEST, publishedOf, readManifest } from '../ledger/manifest-store.ts'
import { acceptDay } from './accept-day.ts'
import { busyWith, gateOf } from './attempt-gate.ts'
import { beginWork } from './begin-work.ts'
import type { PlanDayContext } from './context.ts'
import { DECISIONS, isRefusal, isUnchanged, type Decision, type Refusal } from './decide.ts'
import { failedToPlan, leftAsItFailed } from './last-failure.ts'
import { damagedDay, leaveForeignBehind, mendLost, resolveIntent } from './mend-day.ts'
import { outcomes } from './outcomes.ts'
import { listRawObjects, type RawListing } from './raw-listing.ts'
import { unreadOf } from './reasons.ts'
import { damageIn, hasLostManifest, isAsPublished, listShown } from './shown-folder.ts'
import { tellWait } from './tell-wait.ts'
import { tendUnlessBusy } from './tend-unless-busy.ts'
import { triedWith } from './tried.ts'

/**
 * Decides what work a day needs, from the raw listing, the listing of the published folder and the ledger, and writes
 * the work order for it. Also finishes an open intent and mends what can be mended without a job. A day that needs
 * nothing costs two listings and a HEAD.
 *
 * @throws DayfoldError EmptyPrefix for a rebuild of a day that has data but no raw objects; UnreadableObjects for
 * archived objects that would have to be read; DamagedDay if published rows are lost and cannot be made again
 */
export async function planDay(input: PlanDayInput, context: PlanDayContext): Promise<PlanDayOutput> {
  const output = await planOrFail(input, context)
  await tellWait(context.ledger.data, input, output)
  return output
}

/** Plans the day; one that fails here in the same way as last time is stuck. */
async function planOrFail(input: PlanDayInput, context: PlanDayContext): Promise<PlanDayOutput> {
  try {
    return await planOnce(input, context, {})
  } catch (error) {
    if (!(error instanceof DayfoldError)) throw error
    return await failedToPlan(input, context, error)
  }
}

/** Work that this call has done on the day before the decision. */
interface Done {
  /** Generation whose publish it has finished. */
  readonly finished?: Published
  /** Repairs, and steps on the way home. */
  readonly steps?: readonly string[]
  /** True if it has taken the day closer to its home. @default false */
  readonly isTended?: boolean
}

interface Resolved extends Done {
  readonly head: ManifestHead | undefined
}

/**
 * Plans the day, and plans it again after each change of the day. That ends: this call tends the day once, repairs leave
 * nothing of what they repair, and anything else takes a write of somebody else.
 */
async function planOnce(input: PlanDayInput, context: PlanDayContext, done: Done): Promise<PlanDayOutput> {
  const head = await headManifest(context.ledger.data, input)
  if (input.mode === ACCEPT) return await acceptDay(input, context, head)
  if (head?.metadata.intent !== 'yes') return await planResolved(input, context, { ...done, head })
  if (input.dryRun) return outcomes(input).planned('an unfinished publish is finished first')
  return await planAfterIntent(input, context, done)
}

/** Finishes the open intent first, or leaves the day to the intent's holder. */
async function planAfterIntent(
  input: PlanDayInput,
  context: PlanDayContext,
  done: Done,
): Promise<PlanDayOutput> {
  const end = await resolveIntent(input, context)
  if (end.kind === 'leased') return outcomes(input).leased(end.intent.holder, end.lease)
  if (end.kind === 'superseded') return outcomes(input).busy('another execution is finishing its publish')
  const head = await headManifest(context.ledger.data, input)
  const finished = end.kind === 'published' ? { finished: end.published } : {}
  return await planResolved(input, context, { ...done, ...finished, head })
}

async function planResolved(
  input: PlanDayInput,
  context: PlanDayContext,
  resolved: Resolved,
): Promise<PlanDayOutput> {
  const { dataset, limits, ledger } = context
  if (input.mode === TEND) return await tendOnly(input, context, resolved)
  if (input.mode === ACCEPT) return await acceptDay(input, context, resolved.head)
  const failed = MODES[input.mode].isForFailed ? await failedAttempt(input, context, resolved) : undefined
  if (failed && 'action' in failed) return failed
  const listing = await listRawObjects(context.raw, dataset, input.date)
  const shown = await listShown(ledger, input, resolved.head)
  const isOver = hasEnded(input.date, input.at, dataset.timeZone)
  const { featureVersion, unreadable } = dataset
  const facts = { listing, unreadable, featureVersion, isOver, limits }
  const { head } = resolved
  if (
    MODES[input.mode].passesUnchanged &&
    isUnchanged(head?.metadata, facts) &&
    isAsPublished(shown, head!)
  ) {
    return outcomes(input).unchanged(
      { generation: Number(head!.metadata.generation), ...resolved },
      'unchanged',
      { unread: listing.unread },
    )
  }
  if (!head && (await hasLostManifest(ledger, input, shown))) return await planLost(input, context, resolved)
  const stored = head ? await readManifest(ledger.data, input) : NO_MANIFEST
  // Written after the HEAD: the listing may be older than the published generation, so look again.
  if (stored.etag !== head?.etag) return await planOnce(input, context, resolved)
  const { published } = stored.manifest
  const damage = damageIn(shown, stored.manifest)
  const tended = damage || resolved.isTended ? [] : await tendUnlessBusy(input, context, resolved.head)
  if (tended.length > 0)
    return await planOnce(input, context, { ...withSteps(resolved, tended), isTended: true })
  const decision = DECISIONS[input.mode]({ ...facts, published, damage }, { ...input, failed })
  const unread = unreadOf({ listing, published })
  return await act(input, context, { decision, unread, stored, resolved, listing })
}

const withSteps = ({ finished, isTended, steps = [] }: Done, more: readonly string[]): Done => ({
  ...(finished && { finished }),
  ...(isTended && { isTended }),
  steps: [...steps, ...more],
})

/** Tends a day outside the range that was asked for; nothing else is looked at. */
async function tendOnly(
  input: PlanDayInput,
  context: PlanDayContext,
  resolved: Resolved,
): Promise<PlanDayOutput> {
  const steps = await tendUnlessBusy(input, context, resolved.head)
  // Not due or put off: a new entry is the youngest, so that others come first next time.
  if (steps.length === 0 && resolved.head?.metadata.away === 'yes')
    await putAwayEntry(context.ledger.data, input)
  return outcomes(input).tended(steps)
}

/** Mends a day whose manifest is gone while data is there. The data is left alone until a manifest describes it. */
async function planLost(input: PlanDayInput, context: PlanDayContext, done: Done): Promise<PlanDayOutput> {
  // Whoever publishes a day writes its manifest before the first file.
  if (await headManifest(context.ledger.data, input)) return await planOnce(input, context, done)
  const why = `damaged: ${MANIFEST_GONE}`
  if (input.dryRun) return outcomes(input).planned(why)
  if (!(await mendLost(input, context))) throw damagedDay(input, `${why} while data is there`)
  return await planOnce(input, context, withSteps(done, [why]))
}

/** Returns the failed attempt of a day, or PlanDay's answer where there is none. */
async function failedAttempt(
  input: PlanDayInput,
  context: PlanDayContext,
  { head, finished }: Resolved,
): Promise<Attempt | PlanDayOutput> {
  const stored = await readAttempt(context.ledger.data, input)
  const published = publishedOf(head)
  if (!stored || !isUnfinished(stored.attempt, published)) {
    return finished ? outcomes(input).unchanged({ finished }, '') : outcomes(input).notFailed()
  }
  if (stored.attempt.accepted) return outcomes(input).accepted(stored.attempt)
  const busy = await busyWith(gateOf(input, context), stored.attempt, published?.attempt)
  return busy === undefined ? stored.attempt : outcomes(input).busy(`${busy} is working on it`)
}

interface Decided {
  readonly decision: Decision
  /** Objects that the listing shows and that are not read. */
  readonly unread: UnreadObjects
  readonly stored: StoredManifest
  readonly resolved: Resolved
  readonly listing: RawListing
}

async function act(input: PlanDayInput, context: PlanDayContext, decided: Decided): Promise<PlanDayOutput> {
  const { decision, unread, stored, resolved, listing } = decided
  if (isRefusal(decision)) throw ERRORS[decision.kind](input, context, decision.why)
  if (decision.kind === 'none') {
    if (decision.status === 'empty') return outcomes(input).empty(decision.why, unread)
    const { published } = stored.manifest
    return outcomes(input).unchanged({ ...published, ...resolved }, decision.why, {
      vanished: decision.vanished,
      unread,
    })
  }
  // Opened after the HEAD: somebody is publishing.
  if (stored.manifest.intent) return outcomes(input).busy(`${stored.manifest.intent.holder} is publishing it`)
  if (decision.kind === 'relocate') return await leaveOut(input, context, decided)
  const tried = triedWith(context, listing)
  const left = await leftAsItFailed(input, context, tried)
  if (left) return left
  const superseded = await whySuperseded(context.ledger.catalog, context.dataset)
  if (superseded !== undefined) return outcomes(input).superseded(superseded)
  if (input.dryRun) return outcomes(input).planned(decision.why, { ...decision, unread })
  const work = { ...decision, why: whyOf(resolved, decision.why) }
  return (
    (await beginWork(input, context, { decision: work, unread, stored, tried })) ??
    (await planOnce(input, context, resolved))
  )
}

const whyOf = ({ steps = [] }: Done, why: string) => [...steps, why].join('; ')

/** Moves the day away from objects that are not its own; they stay in the folder that was shown. */
async function leaveOut(
  input: PlanDayInput,
  context: PlanDayContext,
  { decision, stored, resolved }: Decided,
): Promise<PlanDayOutput> {
  if (input.dryRun) return outcomes(input).planned(decision.why)
  if (!(await leaveForeignBehind(context.ledger, input, stored)))
    return outcomes(input).busy('another execution is working on it')
  return await planOnce(input, context, withSteps(resolved, [decision.why]))
}

const ERRORS: Readonly<
  Record<Refusal['kind'], (input: PlanDayInput, context: PlanDayContext, why: string) => DayfoldError>
> = {
  unreadable: unreadableObjects,
  refuse: emptyPrefix,
  lost: (input, _, why) => damagedDay(input, why),
}

function unreadableObjects(
  { date }: PlanDayInput,
  { raw, dataset }: PlanDayContext,
  why: string,
): DayfoldError {
  const prefix = s3Uri(raw.name, rawDayPrefix(dataset, date))
  return new DayfoldError(
    'UnreadableObjects',
    `${dataset.name} ${date}: ${prefix}: ${why}. Nothing was changed.`,
  )
}

function emptyPrefix({ date }: PlanDayInput, { raw, dataset }: PlanDayContext, why: string): DayfoldError {
  const prefix = s3Uri(raw.name, rawDayPrefix(dataset, date))
  return new DayfoldError(
    'EmptyPrefix',
    `${dataset.name} ${date}: ${prefix}: ${why}. They stay; rebuild with "allowEmpty": true to delete them.`,
  )
}
