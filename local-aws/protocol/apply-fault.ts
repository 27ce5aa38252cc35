import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { AwsError } from './aws-error.ts'
import type { Fault } from './faults.ts'

/**
 * Runs a call and makes the given fault happen to it, such as a delay or a broken connection; without a fault, just
 * runs it.
 *
 * @param response the answer's stream, whose methods the fault replaces
 * @param work serves the call and writes its answer to `response`
 *
 * @throws AwsError for a fault of kind `error`; the caller answers with it
 */
export async function applyFault(
  fault: Fault | undefined,
  response: ServerResponse,
  work: () => Promise<void>,
): Promise<void> {
  switch (fault?.kind) {
    case 'error':
      throw new AwsError(fault.code, fault.message ?? `Told to fail with ${fault.code}.`, fault.status)
    case 'delay':
      await delay(fault.milliseconds)
      return work()
    case 'reset':
      if (fault.afterBytes === undefined) return breakConnection(response)
      cutBody(response, fault.afterBytes, () => breakConnection(response))
      return work()
    case 'truncate':
      cutBody(response, fault.afterBytes, (end) => end(), fault.afterBytes)
      return work()
    case 'lose-answer':
      loseAnswer(response)
      return work()
    default:
      return work()
  }
}

function breakConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy()
}

/** Makes the first byte of the answer break the connection instead. */
function loseAnswer(response: ServerResponse): void {
  response.writeHead = () => {
    breakConnection(response)
    return response
  }
  response.write = () => false
  response.end = () => response
}

/** Cuts the body after `bytes`, then calls `finish`. `announced` caps the Content-Length. */
function cutBody(
  response: ServerResponse,
  bytes: number,
  finish: (end: () => void) => void,
  announced?: number,
): void {
  const { writeHead, write, end } = bound(response)
  let left = bytes
  let finished = false

  function cut(chunk: unknown): boolean {
    if (finished || !(chunk instanceof Uint8Array)) return true
    const kept = chunk.subarray(0, left)
    left -= kept.length
    if (left > 0 || kept.length === chunk.length) return write(kept)
    finished = true
    // The bytes before the cut reach the caller first.
    write(kept, () => finish(() => end()))
    return true
  }

  response.writeHead = ((status: number, headers?: OutgoingHttpHeaders) => {
    const length = Number(headers?.['Content-Length'] ?? 0)
    if (announced === undefined || length <= announced) return writeHead(status, headers)
    return writeHead(status, { ...headers, 'Content-Length': announced })
  }) as ServerResponse['writeHead']
  response.write = ((chunk: unknown, ...rest: unknown[]) => {
    const accepted = cut(chunk)
    const callback = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined
    if (callback) setImmediate(callback)
    return accepted
  }) as ServerResponse['write']
  response.end = ((chunk?: unknown) => {
    cut(chunk)
    if (!finished) end()
    return response
  }) as ServerResponse['end']
}

function bound(response: ServerResponse) {
  return {
    writeHead: response.writeHead.bind(response) as (s: number, h?: OutgoingHttpHeaders) => ServerResponse,
    write: response.write.bind(response) as (chunk: Uint8Array, callback?: () => void) => boolean,
    end: response.end.bind(response) as () => ServerResponse,
  }
}
