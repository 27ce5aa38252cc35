import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Most bytes of the message that Processing takes over as the job's ExitMessage. If its bytes are not UTF-8, the job's
 * failure has no reason.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
 */
const MAX_BYTES = 1024

/**
 * Writes the reason of a job's failure to `output/message`, from where SageMaker Processing takes the job's
 * ExitMessage. Cuts it to 1,024 bytes.
 *
 * @param root `/opt/ml` in the container
 */
export function writeExitMessage(root: string, message: string): void {
  const file = messageFile(root)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, shorten(message))
}

/**
 * True if the job has written an exit message.
 *
 * @param root `/opt/ml` in the container
 */
export function hasExitMessage(root: string): boolean {
  return existsSync(messageFile(root))
}

const messageFile = (root: string) => join(root, 'output', 'message')

/** Cuts a text to {@link MAX_BYTES} bytes, whole characters only. */
function shorten(message: string): string {
  let text = message.toWellFormed().slice(0, MAX_BYTES)
  while (Buffer.byteLength(text) > MAX_BYTES) text = Array.from(text).slice(0, -1).join('')
  return text
}
