import { DayfoldError } from '../../core/errors.ts'
import type { Published } from '../../core/manifest.ts'
import { printable } from '../../core/printable.ts'
import { weighRejects, type RejectedShare, type RejectLimits } from '../../core/rejected-share.ts'
import type { RejectedFor } from '../../core/rejects.ts'

/** Where to find the records that a job rejected, and the reasons, for an error message. */
export interface RejectsOfJob {
  /** `s3://` URI of the staged reject files, which a lifecycle rule deletes after some time. */
  readonly prefix: string
  /** Reasons, the most frequent first. @default not known */
  readonly rejectedFor?: readonly RejectedFor[] | undefined
}

/**
 * Checks that rejects are no larger a share of a day's records, and of its bytes, than the dataset allows. All inputs
 * of the generation count, not only those that the job read.
 *
 * @throws DayfoldError RejectedRatioExceeded if either share is too large
 */
export function checkRejectedShare(next: Published, limits: RejectLimits, rejects: RejectsOfJob): void {
  const { maxRejectedRatio } = limits
  const share = weighRejects(next.inputs, limits)
  const { records, rejected, bytes, exceeded } = share
  if (exceeded === undefined) return
  const { prefix, rejectedFor = [] } = rejects
  throw new DayfoldError(
    'RejectedRatioExceeded',
    `${next.dataset} ${next.date}: expected at most ${percent(maxRejectedRatio)} of the ${exceeded} rejected, found ` +
      `${exceeded === 'records' ? ofRecords(share) : ofBytes(share)}${commonest(rejectedFor)}. ` +
      `The published data stays as it was. See ${prefix}, then mend the raw files, the dataset or its maxRejectedRatio.`,
    { context: { records, rejected, bytes, maxRejectedRatio, rejectsPrefix: prefix, rejectedFor } },
  )
}

function ofRecords({ records, rejected, bytes }: RejectedShare): string {
  const weight = bytes.rejected > 0 ? `, with ${percent(bytes.rejected / bytes.all)} of the bytes` : ''
  return `${rejected} of ${records} (${percent(rejected / records)}${weight})`
}

function ofBytes({ records, rejected, bytes: { rejected: part, all } }: RejectedShare): string {
  return `${part} of ${all} (${percent(part / all)}) in ${rejected} of ${records} records`
}

/** Maximum number of characters of a record's message in an error. */
const MESSAGE_CHARACTERS = 160

/** Names the reason of most rejects and the first such record, as the end of a sentence. */
function commonest([most]: readonly RejectedFor[]): string {
  if (!most) return ''
  const { source, line, message } = most.first
  const text = message.replace(/\s+/g, ' ').replace(/\.$/, '')
  const shown = text.length > MESSAGE_CHARACTERS ? `${text.slice(0, MESSAGE_CHARACTERS - 1)}…` : text
  return `, of these ${most.records} for ${most.reason}, the first at ${printable(source)}:${line}: ${printable(shown)}`
}

const percent = (ratio: number) => `${(ratio * 100).toFixed(2)}%`
