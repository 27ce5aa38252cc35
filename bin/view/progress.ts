import type { ExecutionSnapshot } from '../../client/follow.ts'
import type { Progress } from '../../core/messages.ts'
import { bytes, count, counted, duration } from './format.ts'

/** Bars on screen at most: more would scroll. */
const MAX_BARS = 10
const BAR_WIDTH = 20

/** An execution as it stands: a bar for each running job, then the totals. */
export function renderProgress(snapshot: ExecutionSnapshot, elapsedSeconds: number): string[] {
  const running = runningJobs(snapshot)
  const label = Math.max(0, ...running.map(({ dataset }) => dataset.length))
  const lines = running.slice(0, MAX_BARS).map((progress) => bar(progress, label))
  if (running.length > MAX_BARS) lines.push(`… and ${count(running.length - MAX_BARS)} more`)
  return [...lines, renderTotals(snapshot, elapsedSeconds)]
}

/** One line about all days of an execution. */
export function renderTotals(snapshot: ExecutionSnapshot, elapsedSeconds: number): string {
  const { days, progress, state } = snapshot
  const sum = (of: (progress: Progress) => number) => progress.reduce((total, next) => total + of(next), 0)
  const parts = [
    state ?? 'Starting',
    days.total === undefined ? '' : `${count(days.finished)} of ${counted(days.total, 'dataset-day')}`,
    progress.length === 0
      ? ''
      : `${counted(
          sum(({ records }) => records),
          'record',
        )}`,
    sum(({ rejected }) => rejected) === 0 ? '' : `${count(sum(({ rejected }) => rejected))} rejected`,
    progress.length === 0 ? '' : `${bytes(sum((p) => p.bytes.done))} of ${bytes(sum((p) => p.bytes.total))}`,
    duration(elapsedSeconds),
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

function runningJobs({ progress }: ExecutionSnapshot): Progress[] {
  return progress.filter(({ phase }) => phase !== 'done' && phase !== 'failed')
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
