import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalDayfold } from '../../../../local/deploy.ts'
import type { Call } from '@dayfold/local-aws/faults'
import type { Kill } from './messages.ts'

/**
 * Kills the victim of a kill after a call. A process that is asked to stop instead does not get its answer: this
 * resolves when it has ended.
 */
export async function killAfter(
  aws: LocalDayfold,
  { caller }: Call,
  { victim, signal }: Omit<Kill, 'after'>,
): Promise<void> {
  const container = aws.jobs.pidOf(caller.accessKeyId)
  if (signal) return await stop(container!, signal)
  const own = aws.lambda.pidOf(caller.accessKeyId)
  // A write of neither a function nor a job is one of the services, which run in this process.
  const writer = own ?? (container === undefined ? process.pid : programIn(container))
  const targets = { group: -process.pid, writer, container: container === undefined ? writer : -container }
  process.kill(targets[victim], 'SIGKILL')
}

/** True for calls of functions and jobs. */
export const isFromChild = ({ lambda, jobs }: LocalDayfold, { caller }: Call): boolean =>
  (lambda.pidOf(caller.accessKeyId) ?? jobs.pidOf(caller.accessKeyId)) !== undefined

async function stop(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal)
  while (isAlive(pid)) await sleep(5)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Returns the pid of the program in a container: the node that its entry point has started, if it has. */
function programIn(container: number): number {
  const children = readFileSync(`/proc/${container}/task/${container}/children`, 'utf8').trim().split(' ')
  const programs = children.filter((pid) => pid !== '' && isNode(pid))
  return programs.length > 0 ? Number(programs.at(-1)) : container
}

function isNode(pid: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === readlinkSync('/proc/self/exe')
  } catch {
    return false
  }
}
