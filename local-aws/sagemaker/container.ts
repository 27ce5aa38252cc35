import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'

/**
 * Becomes the program, and leaves a watcher in its process group: once the other end of standard input is closed,
 * which the kernel does when the parent dies, whatever is left of the group is killed. The program knows nothing of
 * it; its process id is that of this shell.
 */
const LAUNCHER = `exec 3<&0
(read -r _ <&3; kill -s KILL -- -$$) &
exec "$@" </dev/null 3<&-`

export interface ContainerOptions {
  readonly command: readonly string[]
  /** Where the program runs. */
  readonly directory: string
  /** All of it: nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>
  /** File that the program's output is appended to. */
  readonly logFile: string
  /** From SIGINT to SIGKILL. */
  readonly graceSeconds: number
}

/** A program in a process group of its own. */
export interface Container {
  readonly pid: number | undefined
  /** Resolves with the exit code, 128 + n for signal n, once the whole group is on its way out. */
  readonly exited: Promise<number>
  /** Sends SIGINT, and SIGKILL when the grace is over. */
  stop(graceSeconds?: number): void
}

/** Starts a program the way that a container's entry point starts. */
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

/** A program that starts when its wait is over, unless it is stopped before: then it never does, and exits with 0. */
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
    // No shell to be found, or no memory: what a container engine reports as 127.
    child.once('error', () => resolve(127))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}

/** Most bytes of a job's message that SageMaker passes on. */
const MESSAGE_BYTES = 1024

/**
 * What the program left in `output/message`, first kilobyte, or undefined.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html
 */
export async function exitMessage(mlRoot: string): Promise<string | undefined> {
  try {
    await using file = await open(join(mlRoot, 'output', 'message'))
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MESSAGE_BYTES) })
    // A character that the limit cuts in two goes.
    return new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true }) || undefined
  } catch {
    return undefined
  }
}
