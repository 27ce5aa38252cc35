import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** The answer of S3 to a read that is throttled. */
export const SLOW_DOWN =
  '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'

/** Starts a server that answers each request by `answer`, until the test ends. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Starts a server that answers `perSecond` reads per second with `body` and further ones with 503, and counts both. */
export async function serveReads(perSecond: number, body: Buffer) {
  const counts = { served: 0, refused: 0 }
  let tokens = perSecond / 10
  let refilled = performance.now()
  const endpoint = await serve((_, response) => {
    const now = performance.now()
    tokens = Math.min(perSecond / 10, tokens + ((now - refilled) / 1000) * perSecond)
    refilled = now
    if (tokens < 1) {
      counts.refused++
      response.writeHead(503).end(SLOW_DOWN)
      return
    }
    tokens--
    counts.served++
    response.writeHead(200, { 'content-length': body.length }).end(body)
  })
  return { endpoint, counts }
}
