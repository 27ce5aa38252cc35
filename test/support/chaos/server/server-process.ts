import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { programOf } from '../../programs/programs.ts'
import type { RunCommand, RunResult, ServerMessage, ServerOptions } from './messages.ts'

/** A server in a process group of its own. */
export interface Server {
  /** Runs a command and returns its result, or `killed` if the server died of it. */
  run(command: RunCommand): Promise<RunResult | 'killed'>
  isAlive(): boolean
  close(): Promise<void>
}

/**
 * Starts a server.
 *
 * @throws Error if it ends before it is ready
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  mkdirSync(options.home, { recursive: true })
  const { file, execArgv } = programOf('test/support/chaos/server/server')
  const child = fork(file, [JSON.stringify(options)], {
    cwd: options.projectRoot,
    execArgv: ['--no-warnings', ...execArgv],
    detached: true,
    // Standard output is for the report.
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const exited = new Promise<'killed'>((resolve) => child.once('exit', () => resolve('killed')))
  const first = await Promise.race([nextMessage(child), exited])
  if (first === 'killed')
    throw new Error(`Server over ${options.home}: expected it to start, found that it ended.`)
  return {
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async run(command) {
      const answer = Promise.race([nextMessage(child), exited])
      child.send(command)
      const message = await answer
      if (message === 'killed') return message
      if (message.type === 'done') return message.result
      throw new Error(message.type === 'failed' ? message.message : 'Server: expected an answer, found none.')
    },
    async close() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

function nextMessage(child: ChildProcess): Promise<ServerMessage> {
  return new Promise((resolve) => child.once('message', resolve as (message: unknown) => void))
}
