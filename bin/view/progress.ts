import type { ExecutionSnapshot } from '../../client/follow.ts'
import type { Progress } from '../../core/messages.ts'
import { bytes, count, counted, duration } from '../../core/format.ts'
import { shareDone, silentDays } from './share.ts'

/** Maximum number of bars on screen. More would scroll. */
const MAX_BARS = 10
const BAR_WIDTH = 20

/**
 * Renders the progress of an execution at one moment, as lines: a bar per running job, a line per waiting day, at most
 * ten of both, then the totals.
 *
 * @param leftSeconds estimated seconds to its end, if known
 */
export function renderProgress(
  snapshot: ExecutionSnapshot,
  elapsedSeconds: number,
  leftSeconds?: number,
): string[] {
  const unfinished = unfinishedDays(snapshot)
  const label = Math.max(0, ...unfinished.map(({ dataset }) => dataset.length))
  const line = (day: Progress) => (day.phase === 'waiting' ? renderWait(day) : bar(day, label))
  const lines = unfinished.slice(0, MAX_BARS).map(line)
  if (unfinished.length > MAX_BARS) lines.push(`… and ${count(unfinished.length - MAX_BARS)} more`)
  return [...lines, renderTotals(snapshot, elapsedSeconds, leftSeconds)]
}

/**
 * Renders one line that sums up the progress of an execution: its state, days, records, bytes and time.
 *
 * @param leftSeconds estimated seconds to its end, if known
 */
export function renderTotals(
  snapshot: ExecutionSnapshot,
  elapsedSeconds: number,
  leftSeconds?: number,
): string {
  const { days, progress, state } = snapshot
  const sum = (of: (progress: Progress) => number) => progress.reduce((total, next) => total + of(next), 0)
  const waiting = progress.filter(({ phase }) => phase === 'waiting').length
  const [share, silent] = [shareDone(snapshot), silentDays(snapshot)]
  const parts = [
    state ?? 'Starting',
    share === undefined ? '' : `${Math.floor(share * 100)}%`,
    days.total === undefined ? '' : `${count(days.finished)} of ${counted(days.total, 'dataset-day')}`,
    progress.length === 0
      ? ''
      : `${counted(
          sum(({ records }) => records),
          'record',
        )}`,
    waiting === 0 ? '' : `${count(waiting)} waiting`,
    silent === 0 ? '' : `${count(silent)} being planned or without an instance yet`,
    sum(({ rejected }) => rejected) === 0 ? '' : `${count(sum(({ rejected }) => rejected))} rejected`,
    progress.length === 0 ? '' : `${bytes(sum((p) => p.bytes.done))} of ${bytes(sum((p) => p.bytes.total))}`,
    duration(elapsedSeconds),
    leftSeconds === undefined ? '' : `about ${duration(leftSeconds)} left`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

/** Renders one line per waiting day, with the reason. */
export function renderWaits({ progress }: ExecutionSnapshot): string[] {
  return progress.filter(({ phase }) => phase === 'waiting').map(renderWait)
}

const renderWait = ({ dataset, date, why }: Progress): string => `${dataset} ${date} waits: ${why ?? 'busy'}`

/** Days with running jobs come before those that wait. */
function unfinishedDays({ progress }: ExecutionSnapshot): Progress[] {
  const of = (isMeant: (phase: Progress['phase']) => boolean) =>
    progress.filter(({ phase }) => isMeant(phase))
  return [
    ...of((phase) => !['waiting', 'done', 'failed'].includes(phase)),
    ...of((phase) => phase === 'waiting'),
  ]
}

function bar(
  { dataset, date, phase, bytes: { done, total }, records, rejected }: Progress,
  label: number,
): string {
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const full = Math.round(share * BAR_WIDTH)
  const drawn = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full)
  const percent = `${Math.floor(share * 100)}%`.padStart(4)
  const rejects = rejected === 0 ? '' : `, ${count(rejected)} rejected`
  return `${dataset.padEnd(label)} ${date} ${drawn} ${percent} ${phase}, ${counted(records, 'record')}${rejects}`
}
