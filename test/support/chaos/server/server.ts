import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { deployLocally } from '../../../../local/deploy.ts'
import { PROCESSING_JOB } from '@dayfold/local-aws/states'
import { disturbances } from './disturbances.ts'
import { runExecutions } from './executions.ts'
import type { RunCommand, ServerMessage, ServerOptions } from './messages.ts'

/**
 * The process under stress: AWS on this machine with the pipeline deployed. It runs the executions that it is told to,
 * one command after the other, and may be killed at their writes.
 */
const options = JSON.parse(process.argv[2]!) as ServerOptions
const send = (message: ServerMessage) => void process.send!(message)
/** Shortens waits: a minute of the definition takes 120 milliseconds. */
const WAIT_SCALE = 0.002

const log = openSync(join(options.home, 'server.log'), 'a')
const disturbed = disturbances()
const aws = await deployLocally({
  ...options,
  mode: 'run',
  waitScale: WAIT_SCALE,
  faults: disturbed.faults,
  wrapResource: (arn, resource) =>
    arn === PROCESSING_JOB ? (call) => resource({ ...call, arguments: smallJob(call.arguments) }) : resource,
  log: (line) => void writeSync(log, `${line}\n`),
})

/**
 * One worker thread is enough for tens of records, and starts sooner. Uploads in parts are as small as S3 allows, so
 * that there are several.
 */
function smallJob(input: unknown): unknown {
  const request = input as { readonly Environment?: Readonly<Record<string, string>> }
  const small = { DAYFOLD_WORKERS: '1', DAYFOLD_UPLOAD_BYTES: String(5 * 1024 * 1024) }
  return { ...request, Environment: { ...request.Environment, ...small } }
}

async function run(command: RunCommand): Promise<void> {
  const observed = disturbed.begin(command, aws)
  writeSync(log, `--- ${JSON.stringify(command)}\n`)
  aws.clock.advance((command.advanceSeconds ?? 0) * 1000)
  const executions = await runExecutions(aws.target, command.inputs)
  send({ type: 'done', result: { executions, ...observed() } })
}

process.on('message', (command: RunCommand) => {
  run(command).catch((error: unknown) => send({ type: 'failed', message: String(error) }))
})
process.on('disconnect', () => {
  void aws.close().finally(() => process.exit())
})
send({ type: 'ready' })
