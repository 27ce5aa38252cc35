import { Worker } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { encodeSketch } from '../../../core/sketches/day-sketch.ts'
import type { ShardTask } from '../../../processing/read/shard.ts'
import { rejectWriter } from '../../../processing/write/reject-writer.ts'
import { LIMITS, memorySink, runDay } from '../../support/processing/day.ts'
import { useProgram } from '../../support/processing/program.ts'
import { metadataOf, queryDuckDb, readWithHyparquet } from '../../support/processing/read-parquet.ts'

const program = useProgram()
const lines = (...records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

test('rows, drops and rejects of a record are counted by input, and add up', async () => {
  const day = await runDay(program.workerUrl, 'listings', {
    'a.jsonl': lines(
      { id: 'a1', title: null, n: 1 },
      { id: 'a2', title: 'x', n: 13 },
      { id: 'a3', title: 'y', n: 666 },
    ),
    'b.jsonl': lines({ id: 'b1', title: 'z', n: 2, tags: ['p', 'q'] }),
  })
  expect(day.inputs).toMatchObject([
    { key: 'a.jsonl', records: 3, kept: 1, dropped: 1, rejected: 1 },
    { key: 'b.jsonl', records: 1, kept: 1, dropped: 0, rejected: 0 },
  ])
  expect(await readWithHyparquet(day.parquet)).toEqual([
    { id: 'a1', title: null, n: 1, tags: [] },
    { id: 'b1', title: 'z', n: 2, tags: ['p', 'q'] },
    { id: 'b1', title: 'again', n: 2, tags: ['p', 'q'] },
  ])
  expect(await queryDuckDb(day.parquet, 'SELECT sum(n)::INT AS n, count(*)::INT AS c FROM FILES')).toEqual([
    { n: 5, c: 3 },
  ])
  expect(day.rejected).toEqual([
    {
      source: 'a.jsonl',
      line: 3,
      reason: 'extract-error',
      message: 'Error: the number of the beast in a3 (registry.ts:32:26)',
      raw: '{"id":"a3","title":"y","n":666}',
    },
  ])
})

test('of each reason for rejects the number and the first record are known, the commonest first', async () => {
  const long = 'x'.repeat(1000)
  const day = await runDay(program.workerUrl, 'listings', {
    'a.jsonl': lines({ id: 'a1', title: null, n: 666 }),
    'b.jsonl': `${lines({ id: 'b1', title: 'x', n: 1 })}not JSON\n\n[]\n{"a":\n"${long}\n`,
  })
  expect(day.rejectedFor).toMatchObject([
    { reason: 'invalid-json', records: 3, first: { source: 'b.jsonl', line: 2 } },
    { reason: 'extract-error', records: 1, first: { source: 'a.jsonl', line: 1 } },
    { reason: 'not-an-object', records: 1, first: { source: 'b.jsonl', line: 4 } },
  ])
})

test('what stands for a reason is an outline of its first reject, kept short, and never its message', async () => {
  const { sink, files } = memorySink()
  const rejects = rejectWriter(sink, { generation: 1, attempt: 'a1' })
  const reject = { source: 'a.jsonl', line: 1, message: 'Jane', raw: '{}' } as const
  await rejects.add([
    { ...reject, reason: 'invalid-row', outline: 'x'.repeat(10_000) },
    { ...reject, reason: 'extract-error' },
  ])
  await rejects.finish()
  expect(rejects.reasons().map(({ first }) => first.message)).toEqual([
    'x'.repeat(300),
    'its message stands in the reject file',
  ])
  const [file] = [...files.values()]
  const written = gunzipSync(file!).toString().trimEnd().split('\n')
  expect(written.map((line) => JSON.parse(line) as object)).toEqual([
    { ...reject, reason: 'invalid-row' },
    { ...reject, reason: 'extract-error' },
  ])
})

/** Makes a day of several shards and parts: many small files, a large one, compressed and not. */
function manyObjects(): Record<string, string> {
  const objects: Record<string, string> = {}
  for (let file = 0; file < 40; file++) {
    const records = Array.from({ length: 50 }, (_, index) => ({
      id: `${file}-${index}`,
      title: index % 3 === 0 ? null : 'title '.repeat(index),
      n: file * 50 + index,
      tags: Array.from({ length: index % 4 }, (_, tag) => `tag ${tag}`),
    }))
    objects[`f${String(file).padStart(3, '0')}.jsonl`] = lines(...records)
  }
  objects['f020-large.jsonl'] = lines(
    ...Array.from({ length: 3000 }, (_, n) => ({ id: `large-${n}`, title: 't', n })),
  )
  return objects
}

test('the bytes are the same whatever the number of workers', async () => {
  const limits = { ...LIMITS, partRows: 1000, rowGroupRows: 300 }
  const objects = manyObjects()
  const runs = []
  for (const workers of [1, 2, 3, 8]) {
    runs.push(await runDay(program.workerUrl, 'listings', objects, { workers, limits, shardBytes: 20_000 }))
  }
  const [first, ...others] = runs
  expect(first!.parts.length).toBeGreaterThan(4)
  expect(first!.rejects).toHaveLength(1)
  for (const other of others) {
    expect(other.files).toEqual(first!.files)
    expect(other.inputs).toEqual(first!.inputs)
    expect(encodeSketch(other.sketch)).toEqual(encodeSketch(first!.sketch))
  }
  expect(first!.sketch.rows).toBe(first!.parts.reduce((sum, { rows }) => sum + rows, 0))
})

test('rows keep the order of the files and lines', async () => {
  const limits = { ...LIMITS, partRows: 1000, rowGroupRows: 300 }
  const objects = manyObjects()
  const day = await runDay(program.workerUrl, 'listings', objects, { workers: 2, limits, shardBytes: 20_000 })
  const expected = Object.keys(objects)
    .sort()
    .flatMap((key) => objects[key]!.trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as { id: string; n: number })
    .filter(({ n }) => n !== 13 && n !== 666)
    .flatMap((record) => (record.n === 2 ? [record.id, record.id] : [record.id]))
  expect((await readWithHyparquet(day.parquet)).map(({ id }) => id)).toEqual(expected)
})

test('parts and row groups keep their limits', async () => {
  const limits = { ...LIMITS, partRows: 1000, rowGroupRows: 300 }
  const day = await runDay(program.workerUrl, 'listings', manyObjects(), { limits, shardBytes: 20_000 })
  for (const bytes of day.parquet) {
    const { row_groups, num_rows } = metadataOf(bytes)
    expect(Number(num_rows)).toBeLessThanOrEqual(1000)
    for (const group of row_groups.slice(0, -1)) expect(Number(group.num_rows)).toBeGreaterThanOrEqual(300)
  }
  expect(day.parts.map(({ rows }) => rows)).toEqual(
    day.parquet.map((bytes) => Number(metadataOf(bytes).num_rows)),
  )
  expect(day.parts.map(({ bytes }) => bytes)).toEqual(day.parquet.map(({ length }) => length))
})

test('a record may give more rows than a part holds', async () => {
  const limits = { ...LIMITS, partRows: 1000, rowGroupRows: 300 }
  const day = await runDay(
    program.workerUrl,
    'exploded',
    { 'a.jsonl': lines({ id: 1, count: 2500 }, { id: 2, count: 3 }) },
    { limits },
  )
  expect(day.parts.map(({ rows }) => rows)).toEqual([1000, 1000, 503])
  expect((await readWithHyparquet(day.parquet)).map(({ index }) => index).slice(0, 2500)).toEqual(
    Array.from({ length: 2500 }, (_, index) => index),
  )
})

test('a day without rows has no parts', async () => {
  const day = await runDay(program.workerUrl, 'listings', { 'a.jsonl': '', 'b.jsonl': '\n\n' })
  expect(day).toMatchObject({ parts: [], rejects: [], encodedValues: 0 })
  expect(day.inputs).toMatchObject([{ records: 0 }, { records: 0 }])
})

test('a worker that dies twice of the same record fails the day with the name of the object', async () => {
  const objects = { 'a.jsonl': lines({ id: 1 }), 'b.jsonl': lines({ id: 2 }, { id: 3, exit: true }) }
  await expect(runDay(program.workerUrl, 'deadly', objects)).rejects.toThrow(
    /^b\.jsonl: expected a worker to survive it, found that 2 died near line 2: it exited with code 7/,
  )
})

test('the line is left out where the object was cut before it', async () => {
  const many = Array.from({ length: 2000 }, (_, id) => ({ id }))
  const objects = { 'a.jsonl': lines(...many, { id: 9, exit: true }) }
  await expect(runDay(program.workerUrl, 'deadly', objects, { shardBytes: 4000 })).rejects.toThrow(
    /^a\.jsonl: expected a worker to survive it, found that 2 died: it exited with code 7/,
  )
})

test('a worker that runs out of memory fails the day with the name of the object', async () => {
  const objects = { 'a.jsonl': lines({ id: 1, hog: true }) }
  await expect(runDay(program.workerUrl, 'deadly', objects, { heapMegabytes: 32 })).rejects.toThrow(
    /^a\.jsonl: .* near line 1: .*memory/,
  )
})

test('a setup that fails is reported as such', async () => {
  await expect(runDay(program.workerUrl, 'unready', { 'a.jsonl': lines({ id: 1 }) })).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Dataset "unready": setup failed: Error at registry\.ts:\d+:\d+$/,
    ) as string,
    cause: { message: 'the model is not there' },
  })
})

test('a record that takes long is told where it stands, one that does not end fails the job by name', async () => {
  const told: unknown[] = []
  const onSlowRecord = (place: object) => told.push(place)
  const slow = await runDay(
    program.workerUrl,
    'deadly',
    { 'a.jsonl': lines({ id: 1 }), 'b.jsonl': lines({ id: 2 }, { id: 3, seconds: 1.6 }, { id: 4 }) },
    { onSlowRecord },
  )
  expect(told).toEqual([{ key: 'b.jsonl', line: 2 }])
  expect(slow.inputs).toMatchObject([{ kept: 1 }, { kept: 3 }])
  const objects = { 'a.jsonl': lines({ id: 1 }), 'b.jsonl': lines({ id: 2 }, { id: 3, seconds: 1e6 }) }
  await expect(runDay(program.workerUrl, 'deadly', objects, { recordSeconds: 0.5 })).rejects.toMatchObject({
    code: 'WorkerDied',
    message: expect.stringMatching(
      /^b\.jsonl: .* 2 died near line 2: a record took longer than 0\.5 s \(recordTimeoutSeconds\)/,
    ) as string,
  })
})

test('batches are cut within shards, so that the bytes do not depend on the workers; a bad record is alone', async () => {
  const objects = Object.fromEntries(
    Array.from({ length: 30 }, (_, file) => [
      `f${10 + file}.jsonl`,
      lines(
        ...Array.from({ length: 50 }, (_, index) => ({
          id: `${file}-${index}`,
          ...(index === 7 && { bad: true }),
        })),
      ),
    ]),
  )
  const runs = [1, 2].map((workers) =>
    runDay(program.workerUrl, 'batched', objects, { workers, shardBytes: 5000 }),
  )
  const [one, two] = await Promise.all(runs)
  expect(two!.files).toEqual(one!.files)
  expect(one!.inputs.every(({ kept, rejected }) => kept === 49 && rejected === 1)).toBe(true)
  expect(
    one!.rejected.every(({ line, message }) => line === 8 && message.startsWith('Error: not this batch')),
  ).toBe(true)
})

test('a batch that does not end, or ends its worker, fails the day with its place', async () => {
  const objects = { 'a.jsonl': lines({ id: '1' }, { id: '2', endless: true }, { id: '3' }) }
  await expect(runDay(program.workerUrl, 'batched', objects, { recordSeconds: 0.5 })).rejects.toMatchObject({
    code: 'WorkerDied',
    message: expect.stringMatching(
      /^a\.jsonl: .* 2 died near line 1: a batch of 3 records took longer than 0\.5 s .*extractBatch/,
    ) as string,
  })
  const exits = { 'a.jsonl': lines({ id: '1' }, { id: '2', exit: true }) }
  await expect(runDay(program.workerUrl, 'batched', exits)).rejects.toThrow(
    /near line 1: it exited with code 7/,
  )
})

test('memory of chunks that are written goes to later shards', async () => {
  const posted = vi.spyOn(Worker.prototype, 'postMessage')
  const limits = { ...LIMITS, partRows: 1000, rowGroupRows: 300 }
  await runDay(program.workerUrl, 'listings', manyObjects(), { limits, shardBytes: 20_000 })
  const tasks = posted.mock.calls.map(([task]) => task as ShardTask)
  posted.mockRestore()
  const spare = tasks.flatMap((task) => task.spare ?? [])
  expect(spare.length).toBeGreaterThan(tasks.length / 2)
})
