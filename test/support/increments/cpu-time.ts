import { readFileSync } from 'node:fs'
import { DayfoldError } from '../../../core/errors.ts'

/** Linux counts in hundredths of a second, on every machine. */
const TICKS_A_SECOND = 100

/** User and system time, in seconds, as the operating system counts it. */
export interface CpuSeconds {
  /** This process, all its threads. */
  readonly own: number
  /** All children that have ended and were waited for, with theirs. */
  readonly children: number
}

/**
 * CPU time so far of this process and of the children that it has outlived.
 *
 * @throws DayfoldError NotImplemented where there is no /proc
 */
export function cpuSeconds(): CpuSeconds {
  // After the name, which may hold spaces and brackets: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
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
