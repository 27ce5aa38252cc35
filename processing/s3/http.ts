import type { Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'

/** A request to send. */
export interface HttpRequest {
  readonly origin: string
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Encoded path, with its query. */
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: Uint8Array | string
  /** True if `interrupt` ends it. @default false */
  readonly isInterruptible?: boolean
}

/** An answer, of whatever status. */
export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body, unless it went into the target. */
  readonly body: Buffer
  /** Bytes that went into the target. */
  readonly received: number
}

/** Sends a request. The body of a successful answer goes into `target`, if given. */
export type Http = (request: HttpRequest, target?: Uint8Array) => Promise<HttpResponse>

/** Limits of connections and waits. */
export interface HttpOptions {
  /** Most connections that are kept open; more requests wait. */
  readonly connections: number
  /** Most seconds without an answer, or between two of its pieces. */
  readonly idleSeconds: number
}

/** A client of HTTP whose requests can be interrupted. */
export interface HttpClient {
  readonly send: Http
  /** Fails the interruptible requests, those in progress and those to come. */
  interrupt(): void
  close(): Promise<void>
}

/** Opens a keep-alive HTTP client that copies bodies once: from the socket to where they belong. */
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
        target.set(chunk, received)
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
