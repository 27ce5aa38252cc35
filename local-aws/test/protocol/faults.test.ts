import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  createFaults,
  GONE,
  INTERNAL_ERROR,
  randomFaults,
  SLOW_DOWN,
  type Call,
  type RuledFaults,
} from '../../protocol/faults.ts'
import { startS3 } from '../support/start-s3.ts'

let faults: RuledFaults = createFaults()
let afterWrite: (k: number, call: Call) => void | Promise<void> = () => undefined
beforeEach(() => {
  faults = createFaults({ afterWrite: (k, call) => afterWrite(k, call) })
  afterWrite = () => undefined
})
const s3 = await startS3(undefined, {
  faults: { next: (call) => faults.next(call), wrote: (call) => faults.wrote(call) },
})
const { client } = s3
const at = (Key: string) => ({ Bucket: 'data', Key })
const put = (key: string, Body = 'body', from = client) =>
  from.send(new PutObjectCommand({ ...at(key), Body }))
const get = async (key: string, from = client) =>
  (await from.send(new GetObjectCommand(at(key)))).Body!.transformToString()
const head = (key: string) => client.send(new HeadObjectCommand(at(key)))

describe('a fault rule', () => {
  it('answers with an error, once, and the call has no effect', async () => {
    faults.add({ operation: 'PutObject', fault: SLOW_DOWN })
    await expect(put('slow')).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } })
    await expect(head('slow')).rejects.toMatchObject({ name: 'NotFound' })
    await put('slow')
    expect(faults.happened.map(({ call }) => call)).toMatchObject([
      { service: 's3', operation: 'PutObject', bucket: 'data', key: 'slow', caller: { accessKeyId: 'TEST' } },
    ])
  })

  it('happens to the nth matching call, as often as it says', async () => {
    await put('nth')
    faults.add({ operation: /^Get/, key: /^nth$/, bucket: 'data', nth: 2, times: 2, fault: INTERNAL_ERROR })
    faults.add({ service: 'glue', fault: INTERNAL_ERROR })
    faults.add({ accessKeyId: 'SOMEBODY', fault: INTERNAL_ERROR })
    const outcomes = []
    for (let index = 0; index < 4; index += 1) {
      outcomes.push(await get('nth').catch((error: Error) => error.name))
      await head('nth')
    }
    expect(outcomes).toEqual(['body', 'InternalError', 'InternalError', 'body'])
  })

  it('is recovered from by a client that tries again', async () => {
    await put('retried')
    faults.add({ operation: 'GetObject', fault: INTERNAL_ERROR })
    faults.add({ operation: 'GetObject', nth: 2, fault: { kind: 'reset' } })
    expect(await get('retried', s3.connect({ maxAttempts: 3 }))).toBe('body')
    expect(faults.happened).toHaveLength(2)
  })
})

describe('a broken connection', () => {
  it('before the answer leaves no effect', async () => {
    faults.add({ operation: 'PutObject', fault: { kind: 'reset' } })
    await expect(put('reset')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await expect(head('reset')).rejects.toMatchObject({ name: 'NotFound' })
    expect(faults.writes).toBe(0)
  })

  it.each([1000, 3_000_000])('in the middle of a body of %i bytes loses the rest', async (length) => {
    const middle = Math.floor(length / 2)
    await put('middle', 'x'.repeat(length))
    faults.add({ operation: 'GetObject', fault: { kind: 'reset', afterBytes: middle } })
    const { Body, ContentLength } = await client.send(new GetObjectCommand(at('middle')))
    expect(ContentLength).toBe(length)
    let received = 0
    const reading = (async () => {
      for await (const bytes of Body as AsyncIterable<Uint8Array>) received += bytes.length
    })()
    await expect(reading).rejects.toThrow()
    expect(received).toBeLessThanOrEqual(middle)
    expect(await get('middle')).toHaveLength(length)
  })

  it('after the effect loses only the answer', async () => {
    faults.add({ operation: 'PutObject', fault: { kind: 'lose-answer' } })
    await expect(put('lost')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await get('lost')).toBe('body')
    expect(faults.writes).toBe(1)
  })

  it('makes a conditional writer meet its own write when it tries again', async () => {
    faults.add({ operation: 'PutObject', fault: { kind: 'lose-answer' } })
    const retrying = s3.connect({ maxAttempts: 3 })
    const writing = retrying.send(new PutObjectCommand({ ...at('own'), Body: 'mine', IfNoneMatch: '*' }))
    await expect(writing).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect(await get('own')).toBe('mine')
  })
})

describe('a truncated body', () => {
  it.each([1000, 3_000_000])('of %i bytes is well-formed and too short', async (length) => {
    await put('short', 'x'.repeat(length))
    faults.add({ operation: 'GetObject', fault: { kind: 'truncate', afterBytes: 100 } })
    const answer = await s3
      .connect({ responseChecksumValidation: 'WHEN_REQUIRED' })
      .send(new GetObjectCommand(at('short')))
    expect(answer.ContentLength).toBe(100)
    expect(await answer.Body!.transformToString()).toHaveLength(100)
  })

  it('does not pass a client that compares the checksum', async () => {
    await put('short', 'x'.repeat(1000))
    faults.add({ operation: 'GetObject', fault: { kind: 'truncate', afterBytes: 100 } })
    await expect(get('short')).rejects.toThrow('Checksum mismatch')
  })
})

describe('an object', () => {
  it('that changed since it was listed has another ETag', async () => {
    await put('changed')
    const listed = await client.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'changed' }))
    faults.add({ operation: /^(Get|Head)Object$/, key: 'changed', times: 2, fault: { kind: 'changed' } })
    const IfMatch = listed.Contents![0]!.ETag
    await expect(client.send(new GetObjectCommand({ ...at('changed'), IfMatch }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    expect((await head('changed')).ETag).not.toBe(IfMatch)
    expect((await head('changed')).ETag).toBe(IfMatch)
  })

  it('that is gone since it was listed is NoSuchKey', async () => {
    await put('gone')
    faults.add({ operation: 'GetObject', fault: GONE })
    await expect(get('gone')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

describe('a delay', () => {
  it('lets later calls go first', async () => {
    await put('delayed')
    faults.add({ operation: 'GetObject', fault: { kind: 'delay', milliseconds: 100 } })
    const order: string[] = []
    const delayed = get('delayed').then(() => order.push('delayed'))
    await Promise.all([delayed, head('delayed').then(() => order.push('prompt'))])
    expect(order).toEqual(['prompt', 'delayed'])
  })
})

describe('the hook after a write', () => {
  it('counts what changed state, and nothing else', async () => {
    const seen: string[] = []
    afterWrite = (k, call) => void seen.push(`${k} ${call.operation} ${call.key}`)
    await put('w/1')
    await get('w/1')
    await client.send(new CopyObjectCommand({ ...at('w/2'), CopySource: 'data/w/1' }))
    await client
      .send(new PutObjectCommand({ ...at('w/2'), Body: 'x', IfNoneMatch: '*' }))
      .catch(() => undefined)
    await client.send(new DeleteObjectCommand(at('w/absent')))
    const Objects = [{ Key: 'w/1' }, { Key: 'w/2' }]
    await client.send(new DeleteObjectsCommand({ Bucket: 'data', Delete: { Objects } }))
    expect(seen).toEqual([
      '1 PutObject w/1',
      '2 CopyObject w/2',
      '3 DeleteObjects w/1',
      '4 DeleteObjects w/2',
    ])
  })

  it('runs when the write can be seen, and before its writer knows', async () => {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const reached = new Promise<void>((resolve) => {
      afterWrite = () => {
        resolve()
        return held
      }
    })
    let isAnswered = false
    const writing = put('held').then(() => (isAnswered = true))
    await reached
    expect(await get('held')).toBe('body')
    expect(isAnswered).toBe(false)
    release()
    await writing
  })
})

describe('random faults', () => {
  const call = (operation: string, key: string): Call => ({
    service: 's3',
    operation,
    bucket: 'data',
    key,
    caller: { accessKeyId: 'A' },
  })
  const calls = Array.from({ length: 2000 }, (_, index) => call('GetObject', `key-${index % 500}`))

  it('are the same for the same seed, whatever the order among different calls', () => {
    const forwards = randomFaults({ seed: 's', rate: 0.2 })
    const backwards = randomFaults({ seed: 's', rate: 0.2 })
    const first = calls.map((each) => forwards(each)?.kind ?? '-')
    // Calls of one key keep their order; the order of keys changes.
    const second = new Array<string>(calls.length)
    for (let key = 499; key >= 0; key -= 1) {
      for (let index = key; index < calls.length; index += 500)
        second[index] = backwards(calls[index]!)?.kind ?? '-'
    }
    expect(second).toEqual(first)
  })

  it('happen about as often as asked for, and differ with the seed', () => {
    const count = (seed: string) => {
      const source = randomFaults({ seed, rate: 0.2 })
      return calls.map((each) => (source(each) ? 1 : 0))
    }
    const [one, two] = [count('one'), count('two')]
    for (const happened of [one, two]) {
      const share = happened.filter(Boolean).length / calls.length
      expect(share).toBeGreaterThan(0.15)
      expect(share).toBeLessThan(0.25)
    }
    expect(one).not.toEqual(two)
  })

  it('are of all kinds asked for, only where asked for, and name their seed', () => {
    const source = randomFaults({
      rate: 1,
      faults: [GONE, SLOW_DOWN],
      where: ({ operation }) => operation === 'GetObject',
    })
    const kinds = new Set(calls.map((each) => source(each)))
    expect(kinds).toEqual(new Set([GONE, SLOW_DOWN]))
    expect(source(call('PutObject', 'x'))).toBeUndefined()
    expect(source.seed).toMatch(/^[0-9a-f]{8}$/)
  })

  it('are survived by a client that retries and reads again', async () => {
    await put('random', 'x'.repeat(5000))
    faults = createFaults({ source: randomFaults({ seed: 'seed', rate: 0.3 }) })
    const retrying = s3.connect({ maxAttempts: 10 })
    for (let index = 0; index < 20; index += 1) {
      await expect.poll(() => get('random', retrying).catch(() => ''), { timeout: 20_000 }).toHaveLength(5000)
    }
    expect(faults.happened.length).toBeGreaterThan(3)
  })
})
