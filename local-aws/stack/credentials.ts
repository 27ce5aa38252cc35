import { randomBytes } from 'node:crypto'

/** An access key and its secret, which sign requests. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/**
 * Creates credentials that cannot be guessed: no process of this machine and no web page gets in without having been
 * given some.
 *
 * @param holder becomes part of the key, for people who read it in a log
 */
export function newCredentials(holder: string): Credentials {
  const random = () => randomBytes(16).toString('hex').toUpperCase()
  return { accessKeyId: `LOCAL${holder}${random()}`, secretAccessKey: random() }
}
