import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Bytes of the message that Processing takes over as the job's ExitMessage; with bytes that are not UTF-8 the job's
 * failure would have no reason.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
 */
const MAX_BYTES = 1024

/**
 * Leaves why the job failed where Processing looks for it.
 *
 * @param root `/opt/ml`
 */
export function writeExitMessage(root: string, message: string): void {
  const file = messageFile(root)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, shorten(message))
}

/** Whether there is a message already. */
export function hasExitMessage(root: string): boolean {
  return existsSync(messageFile(root))
}

const messageFile = (root: string) => join(root, 'output', 'message')

/** The first {@link MAX_BYTES} bytes of a text, whole characters only. */
function shorten(message: string): string {
  let text = message.toWellFormed().slice(0, MAX_BYTES)
  while (Buffer.byteLength(text) > MAX_BYTES) text = Array.from(text).slice(0, -1).join('')
  return text
}
