import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { expect, test } from 'vitest'
import { canonicalQuery, encodeKey, s3Signer, type RequestToSign } from '../../../processing/s3/sign.ts'

class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer)
  }
  update(data: Uint8Array) {
    this.#hash.update(data)
  }
  digest() {
    return Promise.resolve(Uint8Array.from(this.#hash.digest()))
  }
  reset() {}
}

const NOW = new Date('2024-01-31T23:59:59.123Z')
const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'wJalr/K7MDENG', sessionToken: 'token+/=' }

const REQUESTS: Record<string, Partial<RequestToSign> & { key: string }> = {
  'a plain GET': { key: 'jobs/2024/01/31/part-1.jsonl' },
  'a range under a condition': { key: 'a.jsonl', headers: { range: 'bytes=0-9', 'if-match': '"0123"' } },
  'a key with unusual characters': { key: "p'a (1)*!~/ä ü+/🙂&=%.jsonl" },
  'a part of an upload': { key: 'a', method: 'PUT', query: { uploadId: 'x/y+z=', partNumber: '12' } },
}

test.each(Object.entries(REQUESTS))("the SDK's signer agrees on %s", async (_name, { key, ...overrides }) => {
  const request = {
    method: 'GET',
    host: 'raw.s3.eu-west-1.amazonaws.com',
    query: {},
    headers: {},
    ...overrides,
  }
  const path = `/${encodeKey(key)}`
  const reference = new SignatureV4({
    service: 's3',
    region: 'eu-west-1',
    credentials: CREDENTIALS,
    sha256: Sha256,
    uriEscapePath: false,
  })
  const signed = await reference.sign(
    {
      method: request.method,
      protocol: 'https:',
      hostname: request.host,
      path,
      query: request.query,
      headers: { ...request.headers, host: request.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    { signingDate: NOW },
  )
  const ours = s3Signer('eu-west-1')({ ...request, path }, CREDENTIALS, NOW)
  expect(ours['authorization']).toBe(signed.headers['authorization'])
  expect(ours['x-amz-date']).toBe(signed.headers['x-amz-date'])
})

test('a key is derived again when the day or the credentials change', () => {
  const sign = s3Signer('us-east-1')
  const request = { method: 'GET', host: 'h', path: '/', query: {}, headers: {} }
  const first = sign(request, CREDENTIALS, NOW)['authorization']
  expect(sign(request, { ...CREDENTIALS, secretAccessKey: 'other' }, NOW)['authorization']).not.toBe(first)
  expect(sign(request, CREDENTIALS, new Date('2024-02-01T00:00:00Z'))['authorization']).not.toBe(first)
  expect(sign(request, CREDENTIALS, NOW)['authorization']).toBe(first)
})

test('parameters are sorted and encoded', () => {
  expect(canonicalQuery({ uploads: '', a: 'x y' })).toBe('a=x%20y&uploads=')
})
