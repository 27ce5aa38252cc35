import { request } from 'node:http'
import * as https from 'node:https'
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn'
import { afterAll, describe, expect, it } from 'vitest'
import { startEndpoint } from '../../protocol/endpoint.ts'
import { jsonService, operation } from '../../protocol/aws-json.ts'
import { AwsError, type Caller } from '../../protocol/service.ts'
import { selfSigned } from '../support/certificate.ts'

const callers: Caller[] = []
const states = jsonService({
  signingName: 'states',
  targetPrefix: 'AWSStepFunctions',
  version: '1.0',
  badRequest: 'ValidationException',
  operations: {
    ListStateMachines: operation(ListStateMachinesCommand, { nextToken: true }, (input, caller) => {
      callers.push(caller)
      if (input.nextToken === 'fail') throw new AwsError('InvalidToken', 'No such token.')
      if (input.nextToken === 'crash') throw new TypeError('a mistake')
      const machine = {
        name: 'm',
        stateMachineArn: 'arn',
        type: 'STANDARD' as const,
        creationDate: new Date(1_700_000_000_500),
      }
      return { stateMachines: [machine] }
    }),
  },
})
const endpoint = await startEndpoint({ services: [states] })
const client = new SFNClient({
  endpoint: endpoint.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'CHILD1', secretAccessKey: 'x' },
  maxAttempts: 1,
})
afterAll(() => endpoint.close())
const list = (nextToken?: string) => client.send(new ListStateMachinesCommand({ nextToken }))
const post = (service: string, target: string) =>
  fetch(endpoint.url, {
    method: 'POST',
    body: '{}',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=K/20240101/us-east-1/${service}/aws4_request, Signature=0`,
      'x-amz-target': target,
    },
  })

const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=K/20240101/us-east-1/states/aws4_request, Signature=0',
  'x-amz-target': 'AWSStepFunctions.ListStateMachines',
}
/** Returns the status of an answer; sends any headers that it is given. */
const statusFor = (headers: Readonly<Record<string, string>>) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint.url)
    const sent = request({ hostname, port, method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject).end('{}')
  })

describe('the endpoint', () => {
  it('listens on the loopback interface, and refuses to listen elsewhere', async () => {
    expect(endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await expect(startEndpoint({ services: [], host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'InvalidConfiguration',
      message: expect.stringContaining('127.0.0.1') as string,
    })
  })

  it('hands a request to the service of its credential scope, and says who calls', async () => {
    const { stateMachines } = await list()
    expect(stateMachines![0]!.creationDate).toEqual(new Date(1_700_000_000_500))
    expect(callers.at(-1)).toEqual({ accessKeyId: 'CHILD1' })
  })

  it('refuses requests without a signature', async () => {
    const answer = await fetch(endpoint.url)
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('AccessDenied')
  })

  it('refuses services that it does not have, naming those that it has', async () => {
    const answer = await post('dynamodb', 'X.Y')
    expect(answer.status).toBe(501)
    expect(await answer.text()).toContain('expected one of states, found \\"dynamodb\\"')
  })

  it.each([
    ['127.0.0.1', 'that it listens at'],
    ['localhost', 'by the name of this machine'],
    ['LocalHost', 'in capitals'],
    ['[::1]', 'of the other loopback address'],
  ])('answers requests of the Host %s, %s', async (name) => {
    const { port } = new URL(endpoint.url)
    expect(await statusFor({ ...SIGNED, host: `${name}:${port}` })).toBe(200)
  })

  it.each([
    ['another name', (port: string) => `evil.example:${port}`],
    ['a name that begins like its own', (port: string) => `localhost.evil.example:${port}`],
    ['another port', () => 'localhost:1'],
    ['no port', () => 'localhost'],
  ])('refuses requests of a Host that is %s', async (_, hostOf) => {
    const { port } = new URL(endpoint.url)
    const served = callers.length
    expect(await statusFor({ ...SIGNED, host: hostOf(port) })).toBe(403)
    expect(callers).toHaveLength(served)
  })

  it('speaks TLS with a key and a certificate', async () => {
    const tls = selfSigned(new Date())
    const secure = await startEndpoint({ services: [states], tls })
    expect(secure.url).toMatch(/^https:/)
    const status = await new Promise((resolve, reject) => {
      const sent = https.get(secure.url, { ca: tls.cert }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
      sent.on('error', reject)
    })
    expect(status).toBe(403)
    await secure.close()
  })

  it('keeps connections open', async () => {
    const { hostname, port } = new URL(endpoint.url)
    const connection = await new Promise((resolve) => {
      request({ hostname, port }, (response) => {
        response.resume()
        resolve(response.headers.connection)
      }).end()
    })
    expect(connection).not.toBe('close')
  })

  it('breaks open connections when it is closed', async () => {
    const other = await startEndpoint({
      services: [{ signingName: 'states', handle: () => new Promise(() => undefined) }],
    })
    const waiting = fetch(other.url, {
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=K/20240101/us-east-1/states/aws4_request' },
    })
    const failed = expect(waiting).rejects.toThrow()
    await expect.poll(() => other.close()).toBeUndefined()
    await failed
  })
})

describe('a JSON service', () => {
  it('answers errors in the shape of the protocol', async () => {
    await expect(list('fail')).rejects.toMatchObject({ name: 'InvalidToken', message: 'No such token.' })
  })

  it('answers a mistake of its own with InternalFailure and what it was', async () => {
    await expect(list('crash')).rejects.toMatchObject({
      name: 'InternalFailure',
      message: expect.stringContaining('a mistake') as string,
      $metadata: { httpStatusCode: 500 },
    })
  })

  it('refuses unknown operations by name', async () => {
    for (const target of [
      'AWSStepFunctions.toString',
      'AWSStepFunctions.DeleteStateMachine',
      'Other.ListStateMachines',
    ]) {
      const answer = await post('states', target)
      expect(answer.status).toBe(400)
      const { __type, message } = (await answer.json()) as { __type: string; message: string }
      expect(__type).toBe('UnknownOperationException')
      expect(message).toContain(target.startsWith('Other') ? target : target.split('.')[1])
    }
  })
})

it('tells the time of its clock', async () => {
  const ahead = await startEndpoint({ services: [states], now: () => Date.parse('2026-01-02T03:04:05.678Z') })
  const answer = await fetch(ahead.url, { method: 'POST', body: '{}', headers: SIGNED })
  expect(answer.headers.get('date')).toBe('Fri, 02 Jan 2026 03:04:05 GMT')
  await ahead.close()
})
