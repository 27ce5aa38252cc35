import { randomBytes } from 'node:crypto'

/** An access key and its secret: requests are signed with them. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/**
 * Credentials that nobody can guess: no process of this machine and no web page gets in without being given some.
 *
 * @param holder stands in the key, for people who read it in a log
 */
export function newCredentials(holder: string): Credentials {
  const random = () => randomBytes(16).toString('hex').toUpperCase()
  return { accessKeyId: `LOCAL${holder}${random()}`, secretAccessKey: random() }
}
