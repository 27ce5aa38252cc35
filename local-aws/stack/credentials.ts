import { randomBytes } from 'node:crypto'

/**
 * An access key and its secret, with which an SDK client signs requests. The endpoint recognizes the sender by the key
 * alone; signatures are not verified.
 */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/**
 * Creates random credentials, with 128 bits each in key and secret: other processes of this machine and web pages
 * cannot guess them.
 *
 * @param holder text that becomes part of the access key, so that people recognize its holder in a log
 */
export function newCredentials(holder: string): Credentials {
  const random = () => randomBytes(16).toString('hex').toUpperCase()
  return { accessKeyId: `LOCAL${holder}${random()}`, secretAccessKey: random() }
}
