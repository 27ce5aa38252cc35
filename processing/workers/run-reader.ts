import type { MessagePort } from 'node:worker_threads'
import { readHere } from '../read/reader.ts'
import type { Source } from '../read/source.ts'
import { failureData, failureOf } from './failures.ts'
import { unpackStretches, type Credentials, type FromReader, type ToReader } from './reader-messages.ts'

/** Milliseconds that credentials are kept: the main thread renews them minutes before they expire. */
const KEEP_MILLISECONDS = 30_000

/**
 * Reads what comes from `port`, all at once, and answers each task when it is done.
 *
 * @param open the source that is read, given what signs its requests
 */
export function startReader<C>(port: MessagePort, open: (credentials: () => Promise<C>) => Source): void {
  const send = (message: FromReader) => port.postMessage(message)
  const asking = askFor<C>(() => send({ type: 'ask' }))
  const reader = readHere(open(asking.credentials))
  port.on('message', (message: ToReader) => {
    if (message.type === 'credentials') return asking.answered(message)
    const { id, buffer } = message
    reader.fill(unpackStretches(message), buffer).then(
      (notRead) => send({ type: 'read', id, notRead }),
      (error: unknown) => send({ type: 'failed', id, ...failureData(error) }),
    )
  })
}

function askFor<C>(ask: () => void) {
  let kept: { readonly until: number; readonly answer: Promise<C> } | undefined
  let answered: (answer: Credentials) => void = () => {}
  const asked = () =>
    new Promise<C>((resolve, reject) => {
      answered = ({ credentials, failure }) =>
        failure ? reject(failureOf(failure)) : resolve(credentials as C)
      ask()
    })
  return {
    credentials: (): Promise<C> => {
      if (!kept || performance.now() > kept.until) {
        kept = { until: performance.now() + KEEP_MILLISECONDS, answer: asked() }
      }
      return kept.answer
    },
    answered: (answer: Credentials) => answered(answer),
  }
}
