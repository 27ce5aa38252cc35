import type { MessagePort } from 'node:worker_threads'
import { bufferPool } from '../read/buffer-pool.ts'
import { decodeObject } from '../read/decode-object.ts'
import { planReads } from '../read/plan-reads.ts'
import { DECODE_AHEAD_BYTES } from '../read/read-shards.ts'
import { readHere, type Decoded, type Reader } from '../read/reader.ts'
import type { Source } from '../read/source.ts'
import { failureData, failureOf } from './failures.ts'
import {
  unpackStretches,
  type Credentials,
  type DecodeTask,
  type FromReader,
  type NextTask,
  type ReadTask,
  type ToReader,
} from './reader-messages.ts'

/** Milliseconds that credentials are kept: the main thread renews them minutes before they expire. */
const KEEP_MILLISECONDS = 30_000

/**
 * Runs a reader thread: carries out the tasks that arrive on `port`, all at once, and answers each when it is done.
 *
 * @param open opens the source to read; its argument returns credentials from the main thread
 */
export function startReader<C>(port: MessagePort, open: (credentials: () => Promise<C>) => Source): void {
  const send = (message: FromReader) => port.postMessage(message)
  const asking = askFor<C>(() => send({ type: 'ask' }))
  const reader = readHere(open(asking.credentials))
  const objects = new Map<number, ReturnType<typeof decoder>>()
  port.on('message', (message: ToReader) => {
    if (message.type === 'credentials') asking.answered(message)
    else if (message.type === 'decode') objects.set(message.id, decoder(message, reader))
    else if (message.type === 'stop') stop(message.id)
    else answer(message.id, message.type === 'read' ? read(message) : decode(message))
  })

  async function read(task: ReadTask): Promise<FromReader> {
    return { type: 'read', id: task.id, notRead: await reader.fill(unpackStretches(task), task.buffer) }
  }

  async function decode({ id, buffer }: NextTask): Promise<FromReader> {
    return { type: 'decoded', id, decoded: await objects.get(id)!.next(buffer) }
  }

  function stop(id: number): void {
    objects.get(id)!.stop()
    objects.delete(id)
  }

  function answer(id: number, working: Promise<FromReader>): void {
    working.then(send, (error: unknown) => send({ type: 'failed', id, ...failureData(error) }))
  }
}

/** Decodes an object piece by piece, into the memory that comes with each call. */
function decoder({ object, settings }: DecodeTask, reader: Reader) {
  const { shardBytes, unreadable } = settings
  const given: SharedArrayBuffer[] = []
  const gathering = bufferPool(shardBytes, given)
  const reads = [...planReads([object], shardBytes)]
  const pool = bufferPool(reads[0]!.bytes)
  const ahead = { inputs: [object], reader, pool, aheadBytes: DECODE_AHEAD_BYTES, unreadable }
  const pieces = decodeObject(object, reads, { ...ahead, shardBytes, gathering })
  return {
    async next(buffer: SharedArrayBuffer | undefined): Promise<Decoded | undefined> {
      if (buffer) given.push(buffer)
      const next = await pieces.next()
      return next.done ? undefined : next.value
    },
    stop: () => void pieces.return(undefined).catch(() => {}),
  }
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
