import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a process took as a whole. */
export interface Measured<T> {
  /** From the start of the process to its end, seconds. */
  readonly wallSeconds: number
  /** Most resident memory, bytes, as the kernel counted it. */
  readonly peakBytes: number
  readonly result: T
}

const POLL_MILLISECONDS = 50

/**
 * Runs a Node program and measures it from outside.
 *
 * @throws Error with the end of its output when it fails
 */
export async function measure<T>(
  args: readonly string[],
  parse: (output: string) => T,
  environment: NodeJS.ProcessEnv = {},
): Promise<Measured<T>> {
  const begun = performance.now()
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
  })
  let peakBytes = 0
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, highWaterMark(child.pid!))
  }, POLL_MILLISECONDS)
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  )
  clearInterval(timer)
  if (code !== 0) throw new Error(`${args[0]}: expected exit code 0, found ${code}: ${output.slice(-2000)}`)
  return { wallSeconds: (performance.now() - begun) / 1000, peakBytes, result: parse(output) }
}

/**
 * The kernel's own high-water marks of a process and all that it has started, summed, so that polling misses nothing
 * but the last moment.
 */
function highWaterMark(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + highWaterMark(child), ownHighWaterMark(pid))
}

/** https://man7.org/linux/man-pages/man5/proc_pid_tid_children.5.html */
function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function ownHighWaterMark(pid: number): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
