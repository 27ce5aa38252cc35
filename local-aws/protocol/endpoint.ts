import * as http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as https from 'node:https'
import type { AddressInfo } from 'node:net'
import { LocalAwsError } from '../errors.ts'
import { asAwsError, AwsError, type Caller, type Service } from './service.ts'

/** Options of {@link startEndpoint}. */
export interface EndpointOptions {
  /** Services to offer, each with another signing name. */
  readonly services: readonly Service[]
  /**
   * Returns the time for the Date header of an answer, in milliseconds since 1970. SDK clients compare it with their
   * own time, and correct theirs if it is off by minutes.
   * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
   *
   * @default this machine's time
   */
  readonly now?: (() => number) | undefined
  /** Address to listen on: `127.0.0.1` or `::1`. @default 127.0.0.1 */
  readonly host?: string
  /** TCP port. @default any free one */
  readonly port?: number
  /** Key and certificate in PEM. @default plain HTTP */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** An HTTP server on this machine that SDK clients use in place of AWS. */
export interface Endpoint {
  /**
   * URL for the option `endpoint` of SDK clients, such as `http://127.0.0.1:40123`; begins with `https:` if there is a
   * certificate.
   */
  readonly url: string
  /** Stops listening and breaks open connections. */
  close(): Promise<void>
}

const LOOPBACK = ['127.0.0.1', '::1']

/**
 * Starts an HTTP server for local AWS services on the loopback interface. Each request goes to the service that the
 * credential scope of its signature names; signatures are not verified. Requests whose Host header is not that of this
 * server are refused: otherwise a web page could reach it under a name that resolves to this machine (DNS rebinding).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @throws LocalAwsError InvalidConfiguration for a host that other machines could reach
 */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { services, host = '127.0.0.1', port = 0, tls, now = Date.now } = options
  if (!LOOPBACK.includes(host)) {
    throw new LocalAwsError(
      'InvalidConfiguration',
      `Host: expected one of ${LOOPBACK.join(', ')}, found "${host}". The local AWS checks no signatures: keep it on this machine.`,
    )
  }
  const byName = new Map(services.map((service) => [service.signingName, service]))
  const kept = { noDelay: true, keepAlive: true, requestTimeout: 0, headersTimeout: 0 }
  const server = tls ? https.createServer({ ...kept, ...tls }) : http.createServer(kept)
  // Closing idle connections would race with clients that reuse them.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${address.port}`)
  server.on('request', (request, response) => {
    response.setHeader('Date', httpDate(now()))
    void dispatch(byName, hosts, request, response)
  })
  return {
    url: `http${tls ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

// AWS4-HMAC-SHA256 Credential=<access key>/<date>/<region>/<service>/aws4_request, …
const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/

async function dispatch(
  services: ReadonlyMap<string, Service>,
  hosts: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    checkHost(request.headers.host, hosts)
    const scope = CREDENTIAL.exec(request.headers.authorization ?? '')
    if (!scope)
      throw new AwsError('AccessDenied', 'Authorization: expected an AWS4 signature, found none.', 403)
    const service = services.get(scope[2]!)
    if (!service) throw unknownService(scope[2]!, services)
    const caller: Caller = { accessKeyId: scope[1]! }
    await service.handle(request, response, caller)
  } catch (error) {
    refuse(response, asAwsError(error))
  }
}

function checkHost(host: string | undefined, hosts: readonly string[]): void {
  if (host !== undefined && hosts.includes(host.toLowerCase())) return
  throw new AwsError(
    'AccessDenied',
    `Host: expected one of ${hosts.join(', ')}, found "${host ?? 'none'}".`,
    403,
  )
}

function unknownService(name: string, services: ReadonlyMap<string, Service>): AwsError {
  const known = [...services.keys()].join(', ')
  return new AwsError('UnknownService', `Service: expected one of ${known}, found "${name}".`, 501)
}

function refuse(response: ServerResponse, error: AwsError): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = JSON.stringify({ __type: error.code, message: error.message })
  response.writeHead(error.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}

let latest: { readonly second: number; readonly text: string } | undefined

/** Formats a date, at most once per second. */
function httpDate(time: number): string {
  const second = Math.floor(time / 1000)
  if (latest?.second !== second) latest = { second, text: new Date(time).toUTCString() }
  return latest.text
}
