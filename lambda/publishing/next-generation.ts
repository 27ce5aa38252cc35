import { compareKeys } from '../../core/layout.ts'
import { totalsOf, type Input, type Intent, type Published, type StoredFile } from '../../core/manifest.ts'
import type { WorkOrder } from '../../core/work-order.ts'
import type { JobReport } from '../../core/job-report.ts'
import { mergeableParts } from '../ledger/small-parts.ts'
import type { Staged, StagedFiles } from './staged-names.ts'

export interface NextGenerationOptions {
  readonly base: Published | null
  readonly order: WorkOrder
  readonly report: JobReport
  readonly staged: StagedFiles
  /** ISO time. */
  readonly publishedAt: string
  readonly nonce: string
}

/** What the day holds once the order's work is published. */
export function nextPublished(options: NextGenerationOptions): Published {
  const { base, order, report, publishedAt, nonce } = options
  const { inputs, parts, rejects } = nextContent(options)
  // An extension keeps the version of the rows that it adds to: they are not of the new code.
  const featureVersion = order.kind === 'rebuild' ? order.featureVersion : base?.featureVersion
  return {
    dataset: order.dataset,
    date: order.date,
    generation: order.generation,
    featureVersion: featureVersion ?? order.featureVersion,
    inputs,
    parts,
    rejects,
    totals: totalsOf(inputs, parts),
    attempt: order.attempt,
    execution: order.execution.arn,
    startedAt: report.startedAt,
    publishedAt,
    nonce,
    smallParts: mergeableParts(parts, order.limits).length,
  }
}

type Content = Pick<Published, 'inputs' | 'parts' | 'rejects'>

function nextContent({ base, order, report, staged }: NextGenerationOptions): Content {
  const parts = staged.parts.map(asPublished)
  const rejects = staged.rejects.map(asPublished)
  const old: Content = base ?? { inputs: [], parts: [], rejects: [] }
  switch (order.kind) {
    case 'rebuild':
      return { inputs: inKeyOrder(report.inputs), parts, rejects }
    case 'extend':
      return {
        inputs: inKeyOrder([...old.inputs, ...report.inputs]),
        parts: inKeyOrder([...old.parts, ...parts]),
        rejects: inKeyOrder([...old.rejects, ...rejects]),
      }
    case 'consolidate': {
      const merged = new Set(order.parts.map((part) => part.key))
      const kept = old.parts.filter((part) => !merged.has(part.key))
      return { inputs: old.inputs, parts: inKeyOrder([...kept, ...parts]), rejects: old.rejects }
    }
  }
}

const asPublished = ({ file, to }: Staged): StoredFile => ({ key: to, rows: file.rows, bytes: file.bytes })

function inKeyOrder<T extends Input | StoredFile>(files: readonly T[]): T[] {
  return [...files].sort((left, right) => compareKeys(left.key, right.key))
}

/** The intent that leads from `base` to `next`. */
export function intentFor(
  base: Published | null,
  next: Published,
  order: WorkOrder,
  staged: StagedFiles,
): Intent {
  const kept = new Set([...next.parts, ...next.rejects].map((file) => file.key))
  const old = [...(base?.parts ?? []), ...(base?.rejects ?? [])].map((file) => file.key)
  return {
    kind: order.kind,
    nonce: next.nonce,
    staging: order.staging,
    copies: [...staged.parts, ...staged.rejects].map(({ file, to }) => ({
      from: file.key,
      to,
      bytes: file.bytes,
    })),
    deletes: old.filter((key) => !kept.has(key)),
    phase: 'copying',
    next,
  }
}
