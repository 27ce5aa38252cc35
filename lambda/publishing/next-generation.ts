import { isOlderEngine } from '../../core/engine.ts'
import { compareKeys, locationOf, nameOf } from '../../core/layout.ts'
import { totalsOf, type Copy, type Input, type Published, type StoredFile } from '../../core/manifest.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import type { JobReport } from '../../core/job-report.ts'
import { partsIn } from '../ledger/copies.ts'
import { mergeableParts } from '../ledger/small-parts.ts'
import { stagedFiles } from './staged-names.ts'
import { unreadObjects } from './unreadable.ts'

/** A job's order and report, and the published generation that they build on. */
export interface NextGenerationOptions {
  /** The published generation; null if there is none. */
  readonly base: Published | null
  readonly order: WorkOrder
  readonly report: JobReport
  /** Prefix of the folder that the parts will lie in; for an ADD, the folder of `base`. */
  readonly location: string
  /** ISO time. */
  readonly publishedAt: string
  /** Random text by which the writer recognizes its own publish. */
  readonly nonce: string
}

/** A generation to publish, and the copies that bring its files to their final keys. */
export interface NextGeneration {
  readonly next: Published
  readonly copies: readonly Copy[]
}

/** Makes the generation that results from a job's work, and the copies that it needs. Reads and writes nothing. */
export function nextGeneration(options: NextGenerationOptions): NextGeneration {
  const { base, order, report, location, publishedAt, nonce } = options
  const { inputs, parts, rejects, sketches, copies } = nextContent(options)
  // An extension keeps the version of the old rows: these are not of the new code.
  const featureVersion = order.kind === 'rebuild' ? order.featureVersion : base?.featureVersion
  const unread = unreadObjects(order.unread, inputs)
  const engine = engineOf(options)
  const totals = totalsOf(inputs, parts)
  const hasNewData = totals.records > (base?.totals.records ?? 0)
  const newDataAt = hasNewData ? publishedAt : base?.newDataAt
  const next: Published = {
    dataset: order.dataset,
    date: order.date,
    generation: order.generation,
    featureVersion: featureVersion ?? order.featureVersion,
    location,
    inputs,
    ...(unread && { unread }),
    parts,
    rejects,
    totals,
    attempt: order.attempt,
    execution: order.execution.arn,
    startedAt: report.startedAt,
    publishedAt,
    nonce,
    ...(newDataAt !== undefined && { newDataAt }),
    smallParts: mergeableParts(parts, order.limits).length,
    ...(engine !== undefined && { engine }),
    ...(sketches.length > 0 && { sketches }),
  }
  return { next, copies }
}

/** Returns the oldest engine that read any of the inputs; undefined where 0.1.0 read one. */
function engineOf({ base, order, report }: NextGenerationOptions): string | undefined {
  if (!base || order.kind === 'rebuild') return report.engine
  if (order.kind === 'consolidate') return base.engine
  return isOlderEngine(report.engine, base.engine) ? report.engine : base.engine
}

interface Content extends Pick<Published, 'inputs' | 'parts' | 'rejects'> {
  readonly sketches: readonly StoredFile[]
  readonly copies: readonly Copy[]
}

function nextContent({ base, order, report, location }: NextGenerationOptions): Content {
  const staged = stagedFiles(order, report, location)
  const old = base ?? { inputs: [], parts: [], rejects: [] }
  const kept = keptParts({ base, order, location })
  return {
    inputs:
      order.kind === 'consolidate'
        ? old.inputs
        : inKeyOrder(order.kind === 'extend' ? [...old.inputs, ...report.inputs] : report.inputs),
    parts: inKeyOrder([...kept.parts, ...staged.parts]),
    rejects: order.kind === 'rebuild' ? staged.rejects : inKeyOrder([...old.rejects, ...staged.rejects]),
    sketches:
      order.kind === 'rebuild'
        ? staged.sketches
        : inKeyOrder([...(base?.sketches ?? []), ...staged.sketches]),
    copies: [...kept.copies, ...staged.copies],
  }
}

/**
 * Returns the published parts that stay, under the next folder. Compares names only, as the day may have moved since it
 * was planned.
 */
function keptParts({
  base,
  order,
  location,
}: Pick<NextGenerationOptions, 'base' | 'order' | 'location'>): ReturnType<typeof partsIn> {
  if (!base || order.kind === 'rebuild') return { parts: [], copies: [] }
  const merged = new Set(order.parts.map(({ key }) => nameOf(key)))
  const kept = base.parts.filter(({ key }) => !merged.has(nameOf(key)))
  return location === locationOf(base) ? { parts: kept, copies: [] } : partsIn(location, kept)
}

function inKeyOrder<T extends Input | StoredFile>(files: readonly T[]): T[] {
  return [...files].sort((left, right) => compareKeys(left.key, right.key))
}
