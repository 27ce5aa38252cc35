import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'

/**
 * Shell program that becomes the job's program and leaves a watcher in its process group: when the other end of
 * standard input closes, as the kernel does when the parent dies, the watcher kills what is left of the group. The
 * program does not notice; its process id is this shell's.
 */
const LAUNCHER = `exec 3<&0
(read -r _ <&3; kill -s KILL -- -$$) &
exec "$@" </dev/null 3<&-`

/** Options of {@link startContainer}. */
export interface ContainerOptions {
  /** Program and its arguments. */
  readonly command: readonly string[]
  /** Working directory of the program. */
  readonly directory: string
  /** All environment variables of the program; it inherits no others. */
  readonly environment: Readonly<Record<string, string>>
  /** File to which everything that the program prints is appended. */
  readonly logFile: string
  /** Seconds between SIGINT and SIGKILL when the program is stopped. */
  readonly graceSeconds: number
}

/**
 * A job's program that runs in place of a container. It is killed, with all processes that it has started, when this
 * process ends.
 */
export interface Container {
  /** Process id; undefined if the program has not started or could not be started. */
  readonly pid: number | undefined
  /**
   * Resolves with the exit code when the program has ended; with 128 + n if signal n ended it, with 127 if it could not
   * be started. What is left of its child processes is then killed.
   */
  readonly exited: Promise<number>
  /**
   * Sends SIGINT, and kills the program and its child processes if it has not ended within the grace period.
   *
   * @param graceSeconds seconds to wait in place of those in the options
   */
  stop(graceSeconds?: number): void
}

/** Starts a job's program on this machine, in a process group of its own. */
export function startContainer(options: ContainerOptions): Container {
  const log = openSync(options.logFile, 'a')
  const child = spawn('/bin/sh', ['-c', LAUNCHER, 'sh', ...options.command], {
    cwd: options.directory,
    env: { ...options.environment },
    detached: true,
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  let killing: NodeJS.Timeout | undefined
  const exited = exitOf(child).finally(() => {
    clearTimeout(killing)
    child.stdin?.destroy()
  })
  return {
    pid: child.pid,
    exited,
    stop(graceSeconds = options.graceSeconds) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGINT')
      clearTimeout(killing)
      killing = setTimeout(() => child.stdin?.destroy(), graceSeconds * 1000)
    },
  }
}

/**
 * Starts a program after a wait, as a job waits for its instance. If it is stopped during the wait, it never starts and
 * counts as having exited with 0.
 *
 * @param wait resolves when the program may start; rejects when its signal aborts
 * @param start starts the program
 */
export function startLater(wait: (signal: AbortSignal) => Promise<void>, start: () => Container): Container {
  const stopping = new AbortController()
  let container: Container | undefined
  const exited = wait(stopping.signal).then(
    () => {
      container = start()
      return container.exited
    },
    () => 0,
  )
  return {
    get pid() {
      return container?.pid
    },
    exited,
    stop(graceSeconds) {
      stopping.abort()
      container?.stop(graceSeconds)
    },
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    // No shell, or no memory: a container engine reports 127.
    child.once('error', () => resolve(127))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}

/** Size in bytes up to which SageMaker passes on a job's message. */
const MESSAGE_BYTES = 1024

/**
 * Returns the message that a job's program has written to `output/message`, cut to its first 1,024 bytes; undefined if
 * it has written none.
 *
 * @param mlRoot the folder that stands for `/opt/ml`
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html
 */
export async function exitMessage(mlRoot: string): Promise<string | undefined> {
  try {
    await using file = await open(join(mlRoot, 'output', 'message'))
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MESSAGE_BYTES) })
    // Drops a character that the limit cuts in two.
    return new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true }) || undefined
  } catch {
    return undefined
  }
}
