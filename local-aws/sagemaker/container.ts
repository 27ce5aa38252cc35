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

/** Command of a job's program and its surroundings. */
export interface ContainerOptions {
  readonly command: readonly string[]
  /** Working directory of the program. */
  readonly directory: string
  /** The whole environment; nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>
  /** File that the program's output is appended to. */
  readonly logFile: string
  /** Seconds between SIGINT and SIGKILL. */
  readonly graceSeconds: number
}

/** A program in a process group of its own, which ends with this process at the latest. */
export interface Container {
  readonly pid: number | undefined
  /** Resolves with the exit code, 128 + n for signal n, once the whole group is exiting. */
  readonly exited: Promise<number>
  /** Sends SIGINT, then SIGKILL when the grace period is over. */
  stop(graceSeconds?: number): void
}

/** Starts a program as a container's entry point would be started. */
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

/** Starts a program after a wait. If it is stopped before, it never starts, and exits with 0. */
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
 * Returns the first kilobyte of what the program left in `output/message`; undefined if there is nothing.
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
