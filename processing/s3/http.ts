import { copyBytes } from '../copy-bytes.ts'
import type { Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'

/** An HTTP request to send. */
export interface HttpRequest {
  /** Scheme, host and port. */
  readonly origin: string
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Encoded path, with its query. */
  readonly path: string
  /** Headers by name. */
  readonly headers: Record<string, string>
  /** Body to send. @default none */
  readonly body?: Uint8Array | string
  /** True if `interrupt` makes the request fail. @default false */
  readonly isInterruptible?: boolean
}

/** An HTTP answer, of any status. */
export interface HttpResponse {
  /** HTTP status code. */
  readonly status: number
  /** Headers by name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Body; empty if it was written to the target. */
  readonly body: Buffer
  /** Bytes that were written to the target. */
  readonly received: number
}

/**
 * Sends a request and resolves to the answer, of any status. The body of a successful answer is written to `target`, if
 * there is one; an answer that is longer fails.
 */
export type Http = (request: HttpRequest, target?: Uint8Array) => Promise<HttpResponse>

/** Limits of connections and waits of an HTTP client. */
export interface HttpOptions {
  /** Maximum number of connections; further requests wait for one. */
  readonly connections: number
  /** Maximum seconds without an answer, or between two pieces of its body. */
  readonly idleSeconds: number
}

/** An HTTP client whose requests can be interrupted. */
export interface HttpClient {
  readonly send: Http
  /** Makes the interruptible requests fail, both those in progress and later ones. */
  interrupt(): void
  /** Closes all connections. */
  close(): Promise<void>
}

/**
 * Opens an HTTP client that keeps connections open. Bytes of a body are copied only once, from the socket to the
 * target.
 */
export function httpClient(options: HttpOptions): HttpClient {
  const milliseconds = options.idleSeconds * 1000
  const agent = new Agent({
    connections: options.connections,
    headersTimeout: milliseconds,
    bodyTimeout: milliseconds,
    connect: { timeout: 10_000 },
  })
  const interruption = { isOn: false, active: new Set<Dispatcher.DispatchController>() }
  return {
    send: (request, target) =>
      new Promise((resolve, reject) => dispatch(agent, interruption, request, target, resolve, reject)),
    interrupt() {
      interruption.isOn = true
      for (const controller of interruption.active) controller.abort(interrupted())
    },
    close: () => agent.destroy(),
  }
}

interface Interruption {
  isOn: boolean
  readonly active: Set<Dispatcher.DispatchController>
}

const interrupted = () => new Error('interrupted')

function dispatch(
  agent: Agent,
  interruption: Interruption,
  { origin, method, path, headers, body = '', isInterruptible = false }: HttpRequest,
  target: Uint8Array | undefined,
  resolve: (response: HttpResponse) => void,
  reject: (error: Error) => void,
): void {
  let status = 0
  let answered: HttpResponse['headers'] = {}
  let received = 0
  const chunks: Buffer[] = []
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      if (!isInterruptible) return
      interruption.active.add(controller)
      if (interruption.isOn) controller.abort(interrupted())
    },
    onResponseStart(_controller, statusCode, responseHeaders) {
      status = statusCode
      answered = responseHeaders
    },
    onResponseData(controller, chunk) {
      if (!target || status >= 300) chunks.push(chunk)
      else if (received + chunk.length > target.length)
        controller.abort(new Error('the answer is longer than asked for'))
      else {
        copyBytes(chunk, target, received)
        received += chunk.length
      }
    },
    onResponseEnd(controller) {
      interruption.active.delete(controller)
      resolve({ status, headers: answered, body: Buffer.concat(chunks), received })
    },
    onResponseError(controller, error) {
      interruption.active.delete(controller)
      reject(error)
    },
  }
  agent.dispatch({ origin, method, path, headers, body: body === '' ? null : body }, handler)
}
