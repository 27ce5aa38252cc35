import type { MessagePort } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { defineDataset, int32 } from '../../../processing/dataset.ts'
import { packSegments, POSITION_BYTES, type ShardResult } from '../../../processing/read/shard.ts'
import { startWorker } from '../../../processing/workers/run-worker.ts'

const dataset = defineDataset({
  name: 'numbers',
  columns: { n: int32() },
  extract: ({ n }: { n: number }) => ({ n }),
})

/** A port that keeps the arguments of each message that is sent. */
function fakePort() {
  const sent: unknown[][] = []
  let receive: (message: unknown) => void = () => {}
  const waiting: (() => void)[] = []
  const port = {
    on: (_: string, listener: typeof receive) => (receive = listener),
    postMessage: (...message: unknown[]) => {
      sent.push(message)
      waiting.shift()?.()
    },
  } as unknown as MessagePort
  const answerTo = async (message: unknown) => {
    const answered = new Promise<void>((resolve) => waiting.push(resolve))
    receive(message)
    await answered
    return sent.at(-1)!
  }
  return { port, answerTo }
}

test('a worker shares its chunks and transfers nothing, and uses spare memory again', async () => {
  const { port, answerTo } = fakePort()
  const position = new SharedArrayBuffer(POSITION_BYTES)
  const limits = { chunkRows: 100, chunkBytes: 1 << 20, maxLineBytes: 1 << 20 }
  startWorker(port, { dataset: 'numbers', ...limits, position }, [dataset])
  const line = Buffer.from('{"n":1}\n')
  const buffer = new SharedArrayBuffer(line.length)
  line.copy(Buffer.from(buffer))
  const segments = packSegments([{ input: 0, start: 0, length: line.length, whole: false, first: true }])
  const run = async (id: number, spare?: SharedArrayBuffer[]) => {
    const [result, ...transferred] = await answerTo({ type: 'shard', id, buffer, segments, spare })
    expect(transferred).toEqual([])
    return (result as ShardResult).chunks[0]!.buffer
  }
  const first = await run(0)
  expect(first).toBeInstanceOf(SharedArrayBuffer)
  const second = await run(1)
  expect(second).not.toBe(first)
  expect(await run(2, [first])).toBe(first)
  expect(await run(3, [])).not.toBe(second)
})
