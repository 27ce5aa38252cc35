import { readFileSync } from 'node:fs'
import { DayfoldError } from '../../../core/errors.ts'

/** Ticks per second: Linux counts in hundredths, on every machine. */
const TICKS_A_SECOND = 100

/** User and system time in seconds, as the operating system counts it. */
export interface CpuSeconds {
  /** Time of this process, all its threads. */
  readonly own: number
  /** Time of all children that have ended and were waited for, and of theirs. */
  readonly children: number
}

/**
 * Returns the CPU time so far of this process and of its ended children.
 *
 * @throws DayfoldError NotImplemented if there is no /proc
 */
export function cpuSeconds(): CpuSeconds {
  // Fields after the name, which may hold spaces and brackets:
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const fields = readStat()
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number)
  const [utime, stime, cutime, cstime] = fields.slice(11, 15) as [number, number, number, number]
  return { own: (utime + stime) / TICKS_A_SECOND, children: (cutime + cstime) / TICKS_A_SECOND }
}

function readStat(): string {
  try {
    return readFileSync('/proc/self/stat', 'utf8')
  } catch (cause) {
    const message = 'CPU time of children: expected /proc/self/stat, found none. Run this bench on Linux.'
    throw new DayfoldError('NotImplemented', message, { cause })
  }
}
