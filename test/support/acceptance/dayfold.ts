import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { programOf, PROJECT } from '../programs/programs.ts'

const running = new Set<ChildProcess>()

/** The result of a command that has ended. */
export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Parses stdout as a JSON document. */
  readonly json: <T>() => T
}

/** A started process of the command line. */
export interface Started {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
}

/** Starts the command line as a user would, in a process group of its own. */
export function startDayfold(...args: string[]): Started {
  const { file, execArgv } = programOf('bin/dayfold')
  const child = spawn(process.execPath, [...execArgv, file, ...args], {
    cwd: PROJECT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  return { child, finished: finish(child) }
}

/** True if {@link startOnTerminal} works here: it needs `script` of util-linux, which not every system has. */
export const hasTerminals =
  process.platform === 'linux' && spawnSync('script', ['--version']).stdout?.includes('util-linux') === true

/** Starts the command line on a terminal of its own; bytes written to stdin are typed there. */
export function startOnTerminal(...args: string[]): Started {
  const { file, execArgv } = programOf('bin/dayfold')
  const words = [process.execPath, ...execArgv, file, ...args].map((word) => `'${word}'`)
  const command = `stty columns 120 rows 40; exec ${words.join(' ')}`
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: PROJECT,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.add(child)
  return { child, finished: finish(child) }
}

async function finish(child: ChildProcess): Promise<Finished> {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ])
  running.delete(child)
  return { code, signal, stdout, stderr, json: <T>() => JSON.parse(stdout) as T }
}

/** Runs the command line to its end. */
export function dayfold(...args: string[]): Promise<Finished> {
  return startDayfold(...args).finished
}

/** Kills a command and everything that it has started. */
export function killGroup({ child }: Pick<Started, 'child'>, signal: NodeJS.Signals = 'SIGKILL'): void {
  process.kill(-child.pid!, signal)
}

/** Kills the commands that are still running, and everything that they have started. */
export function killLeftOver(): void {
  for (const child of running) killGroup({ child })
}
