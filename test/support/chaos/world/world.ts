import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readEndState, type EndState } from './end-state.ts'
import { passADay, restoreHome } from './home.ts'
import type { ExecutionEnd, RunCommand, RunResult } from '../server/messages.ts'
import { putRawFiles, type RawFile } from './raw-files.ts'
import { startServer, type Server } from '../server/server-process.ts'

const PROJECT_ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const registryOf = (name: Registry) => join(PROJECT_ROOT, `test/fixtures/chaos/${name}.ts`)

/** Limits so low that tens of records make several parts. */
const CONTEXT = {
  partRows: '40',
  rowGroupRows: '10',
  datasets: JSON.stringify({ visits: { lookbackDays: 1 }, orders: { lookbackDays: 1 } }),
}

/** Feature code that is deployed. */
export type Registry = 'index' | 'changed'

/** A home with a server over it that is started when needed, and again after it has died. */
export interface World {
  readonly home: string
  /** Runs executions; `killed` if the server died of it. */
  run(command: RunCommand): Promise<RunResult | 'killed'>
  /** Runs one execution without disturbance, a day after everything before. */
  runNext(input: Readonly<Record<string, unknown>>): Promise<ExecutionEnd>
  /** Makes the home a copy of another one. */
  restore(template: string): void
  putRaw(files: readonly RawFile[]): void
  endState(): Promise<EndState>
  /** Ends the server; the home stays. */
  stop(): Promise<void>
  /** Ends the server and removes the home. */
  close(): Promise<void>
}

/** Opens a world, which has to be closed. */
export function openWorld(registry: Registry): World {
  const home = mkdtempSync(join(tmpdir(), 'dayfold-chaos-'))
  let server: Server | undefined

  async function liveServer(): Promise<Server> {
    if (!server?.isAlive()) {
      const options = { projectRoot: PROJECT_ROOT, home, registry: registryOf(registry), context: CONTEXT }
      server = await startServer(options)
    }
    return server
  }

  async function stop(): Promise<void> {
    await server?.close()
    server = undefined
  }

  return {
    home,
    run: async (command) => (await liveServer()).run(command),
    async runNext(input) {
      passADay(home)
      const result = await (await liveServer()).run({ inputs: [input] })
      if (result === 'killed') throw new Error(`Server over ${home}: it has died without being told to.`)
      return result.executions[0]!
    },
    restore: (template) => restoreHome(template, home),
    putRaw: (files) => putRawFiles(home, files),
    endState: () => readEndState(home),
    stop,
    async close() {
      await stop()
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
