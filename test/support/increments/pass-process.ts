import { fork } from 'node:child_process'
import { once } from 'node:events'
import { programOf } from '../programs/programs.ts'
import type { PassFigures, PassOptions } from './messages.ts'

/**
 * Runs a pass in a process of its own, so that none benefits from the warm-up of another.
 *
 * @throws Error if it fails; its output went to standard error
 */
export async function runPassProcess(options: PassOptions): Promise<PassFigures> {
  const { file, execArgv } = programOf('test/support/increments/run-pass')
  const child = fork(file, [], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  })
  child.send(options)
  let figures: PassFigures | undefined
  child.on('message', (message) => {
    figures = message as PassFigures
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code === 0 && figures) return figures
  throw new Error(`Pass over ${options.home}: expected it to end well, found exit code ${code}.`)
}
