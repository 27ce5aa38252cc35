import { createHash, createHmac } from 'node:crypto'

/** AWS credentials to sign requests with. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** Parts of a request that its signature covers. */
export interface RequestToSign {
  readonly method: string
  readonly host: string
  /** Encoded path, as it is sent. */
  readonly path: string
  /** Parameters by name, not encoded. */
  readonly query: Readonly<Record<string, string>>
  /** Values by name in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Bodies are covered by a checksum header and TLS, not by the signature: hashing them would cost as much as compressing
 * them.
 */
const UNSIGNED = 'UNSIGNED-PAYLOAD'

/** Signs a request to S3 and returns its headers, including the signature. */
export type Signer = (request: RequestToSign, credentials: Credentials, now: Date) => Record<string, string>

/**
 * Returns a signer of requests to S3 in a region, by Signature Version 4. Bodies are not covered. Keeps the derived key
 * while day and credentials stay the same: the SDK's signer takes several times as long.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function s3Signer(region: string): Signer {
  let cached: { of: string; key: Buffer } | undefined
  return (request, credentials, now) => {
    const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
    const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`
    const headers: Record<string, string> = {
      ...request.headers,
      'x-amz-content-sha256': UNSIGNED,
      'x-amz-date': time,
      ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
    }
    const signed: Record<string, string> = { ...headers, host: request.host }
    const names = Object.keys(signed).sort()
    const canonical = [
      request.method,
      request.path,
      canonicalQuery(request.query),
      ...names.map((name) => `${name}:${signed[name]!.trim()}`),
      '',
      names.join(';'),
      UNSIGNED,
    ].join('\n')
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`
    const signature = createHmac('sha256', keyOf(credentials, scope)).update(text).digest('hex')
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
    return headers
  }

  function keyOf({ secretAccessKey }: Credentials, scope: string): Buffer {
    const of = `${secretAccessKey}/${scope}`
    if (cached?.of !== of) {
      const key = scope
        .split('/')
        .reduce<Buffer | string>(
          (key, part) => createHmac('sha256', key).update(part).digest(),
          `AWS4${secretAccessKey}`,
        ) as Buffer
      cached = { of, key }
    }
    return cached.key
  }
}

/** Encodes query parameters in the order and spelling that a signature needs, without a question mark. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.keys(query)
    .sort()
    .map((name) => `${encode(name)}=${encode(query[name]!)}`)
    .join('&')
}

/** Encodes an object's key for the path of a URL: everything but unreserved characters and slashes. */
export function encodeKey(key: string): string {
  return /^[A-Za-z0-9\-._~/]*$/.test(key) ? key : key.split('/').map(encode).join('/')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
