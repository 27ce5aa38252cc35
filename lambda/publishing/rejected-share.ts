import { DayfoldError } from '../../core/errors.ts'
import type { Input, Published } from '../../core/manifest.ts'
import { printable } from '../../core/printable.ts'
import type { ReadSettings } from '../../core/read-settings.ts'
import type { RejectedFor } from '../../core/rejects.ts'

type Limits = Pick<ReadSettings, 'maxRejectedRatio' | 'rejectedFloor' | 'unreadable'>

/** What a job rejected. */
export interface RejectsOfJob {
  /** `s3://` URI of its reject files. They expire. */
  readonly prefix: string
  /** The commonest reason first. @default not known */
  readonly rejectedFor?: readonly RejectedFor[] | undefined
}

/** How many bytes of average records a rejected record may have within the floor. */
const FLOOR_RECORDS = 4

/**
 * Checks the share of what was rejected, over all of a day, of its records and of its bytes.
 *
 * @param rejects where the job's rejected records are, and why they were rejected, for the message
 * @throws DayfoldError RejectedRatioExceeded
 */
export function checkRejectedShare(next: Published, limits: Limits, rejects: RejectsOfJob): void {
  const { maxRejectedRatio } = limits
  const { records, rejected } = next.totals
  const bytes = weigh(next.inputs, limits)
  if (isWithinFloor(next, bytes, limits)) return
  const isOver = (part: number, of: number) => part > of * maxRejectedRatio
  const unit = isOver(rejected, records) ? 'records' : isOver(bytes.rejected, bytes.all) ? 'bytes' : undefined
  if (unit === undefined) return
  const { prefix, rejectedFor = [] } = rejects
  throw new DayfoldError(
    'RejectedRatioExceeded',
    `${next.dataset} ${next.date}: expected at most ${percent(maxRejectedRatio)} of the ${unit} rejected, found ` +
      `${unit === 'records' ? ofRecords(next, bytes) : ofBytes(next, bytes)}${commonest(rejectedFor)}. ` +
      `The published data stays as it was. See ${prefix}, then mend the raw files, the dataset or its maxRejectedRatio.`,
    { context: { records, rejected, bytes, maxRejectedRatio, rejectsPrefix: prefix, rejectedFor } },
  )
}

/** Bytes of a day. */
interface Weight {
  readonly all: number
  readonly read: number
  readonly rejected: number
}

/**
 * Decoded bytes, and stored ones of stretches that could not be decoded. Of what 0.1.0 read nobody knows how much was
 * rejected: its size stands for what was read. An input with `unread` set was looked at as such: in the order that read
 * it, by `checkUnreadable`.
 */
function weigh(inputs: readonly Input[], { unreadable }: Pick<ReadSettings, 'unreadable'>): Weight {
  let [read, rejected] = [0, 0]
  for (const { size, bytes, unread } of inputs) {
    read += bytes?.read ?? size
    const isPassed = unreadable === 'skip' || unread !== undefined
    if (bytes) rejected += bytes.rejected + (isPassed ? 0 : bytes.unread)
  }
  return { all: read + rejected, read, rejected }
}

/** Whether the rejects are few and of usual size, so that one bad line of an early run does not stop it. */
function isWithinFloor({ totals }: Published, bytes: Weight, { rejectedFloor }: Limits): boolean {
  const good = totals.kept + totals.dropped
  if (good === 0 || totals.rejected > rejectedFloor) return false
  return bytes.rejected <= rejectedFloor * FLOOR_RECORDS * (bytes.read / good)
}

function ofRecords({ totals: { records, rejected } }: Published, bytes: Weight): string {
  const weight = bytes.rejected > 0 ? `, with ${percent(bytes.rejected / bytes.all)} of the bytes` : ''
  return `${rejected} of ${records} (${percent(rejected / records)}${weight})`
}

function ofBytes({ totals: { records, rejected } }: Published, { rejected: part, all }: Weight): string {
  return `${part} of ${all} (${percent(part / all)}) in ${rejected} of ${records} records`
}

/** Characters of the message of a record that an error shows. */
const MESSAGE_CHARACTERS = 160

/** The reason of most rejects with the first record that had it, as the end of a sentence. */
function commonest([most]: readonly RejectedFor[]): string {
  if (!most) return ''
  const { source, line, message } = most.first
  const text = message.replace(/\s+/g, ' ').replace(/\.$/, '')
  const shown = text.length > MESSAGE_CHARACTERS ? `${text.slice(0, MESSAGE_CHARACTERS - 1)}…` : text
  return `, of these ${most.records} for ${most.reason}, the first at ${printable(source)}:${line}: ${printable(shown)}`
}

const percent = (ratio: number) => `${(ratio * 100).toFixed(2)}%`
