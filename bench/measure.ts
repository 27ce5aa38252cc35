import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Figures of a whole process. */
export interface Measured<T> {
  /** Seconds from the start of the process to its end. */
  readonly wallSeconds: number
  /** Most resident memory in bytes: the kernel's peaks of the process and its children, added up. */
  readonly peakBytes: number
  readonly result: T
}

const POLL_MILLISECONDS = 50

/**
 * Runs a program and measures it from outside.
 *
 * @param program default: node
 * @throws Error with the end of its output when it fails
 */
export async function measure<T>(
  args: readonly string[],
  parse: (output: string) => T,
  environment: NodeJS.ProcessEnv = {},
  program = process.execPath,
): Promise<Measured<T>> {
  const begun = performance.now()
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
  })
  const peaks = new Map<number, number>()
  const timer = setInterval(() => {
    for (const pid of processes(child.pid!)) {
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, highWaterMark(pid)))
    }
  }, POLL_MILLISECONDS)
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  )
  clearInterval(timer)
  if (code !== 0) throw new Error(`${args[0]}: expected exit code 0, found ${code}: ${output.slice(-2000)}`)
  const wallSeconds = (performance.now() - begun) / 1000
  const peakBytes = [...peaks.values()].reduce((sum, bytes) => sum + bytes, 0)
  return { wallSeconds, peakBytes, result: parse(output) }
}

/**
 * Returns the ids of a process and of all that it started:
 * https://man7.org/linux/man-pages/man5/proc_tid_children.5.html
 */
function processes(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return [pid, ...children.flatMap(processes)]
  } catch {
    return [pid]
  }
}

/** Returns the kernel's peak, so that polling misses nothing but the last moment. */
function highWaterMark(pid: number): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Returns the middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
