import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { crashNotes, readCrashNotes } from '../../../processing/crashes/crash-notes.ts'
import { crashed } from '../../../processing/crashes/crashed.ts'
import { runDay } from '../../support/processing/day.ts'
import { useProgram } from '../../support/processing/program.ts'
import { readWithHyparquet } from '../../support/processing/read-parquet.ts'

const program = useProgram()
const folder = mkdtempSync(join(tmpdir(), 'dayfold-notes-'))
const path = join(folder, 'notes')
const fd = openSync(path, 'w+')
afterAll(() => {
  closeSync(fd)
  rmSync(folder, { recursive: true })
})

test('notes tell what each worker is at that is not idle', () => {
  const [first, third] = [0, 2].map((slot) => crashNotes({ fd, slot, lines: true }))
  first!.at({ shard: 0, input: 5, line: 6 })
  third!.at({ shard: 4, input: 7, line: 0 })
  expect(readCrashNotes(fd)).toEqual([
    { shard: 0, input: 5, line: 6 },
    { shard: 4, input: 7, line: 0 },
  ])
  first!.idle()
  third!.idle()
  expect(readCrashNotes(fd)).toEqual([])
})

test('a shard that was in work when the process crashed is run alone, and notes end with the work', async () => {
  const objects = Object.fromEntries(
    Array.from({ length: 6 }, (_, id) => [
      `${id}.jsonl`,
      [1, 2].map(() => `${JSON.stringify({ id, notes: path })}\n`).join(''),
    ]),
  )
  const crashes = [{ cause: 'SIGSEGV', positions: [2, 4].map((shard) => ({ shard, input: shard, line: 0 })) }]
  const options = { workers: 3, shardBytes: objects['0.jsonl']!.length + 1 }
  const day = await runDay(program.workerUrl, 'watching', objects, { ...options, notes: { fd, crashes } })
  const rows = await readWithHyparquet(day.parquet)
  expect(rows.map(({ id }) => id)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
  for (const { id, at_work: atWork } of rows) if (id === 2 || id === 4) expect(atWork).toBe(1)
  expect(readCrashNotes(fd)).toEqual([])
})

const input = (key: string) => ({ key, etag: 'e', size: 1 })
const at = (shard: number, line = 0) => ({ shard, input: shard, line })

test('what was in work at both crashes is to blame', () => {
  const error = crashed(['a', 'b', 'c'].map(input), [
    { cause: 'SIGSEGV', positions: [at(0), at(1)] },
    { cause: 'SIGBUS', positions: [at(1, 9), at(2, 3)] },
  ])
  expect(error.code).toBe('WorkerDied')
  expect(error.message).toMatch(/^b near line 9: expected the process .* \(SIGSEGV, SIGBUS\)/)
  expect(error.context).toMatchObject({ keys: ['b'] })
})

test('crashes in different places, or in none, are told as such', () => {
  const inputs = ['a', 'b', 'c'].map(input)
  const crash = (...positions: ReturnType<typeof at>[]) => ({ cause: 'SIGKILL', positions })
  expect(crashed(inputs, [crash(at(0)), crash(at(1, 2), at(2))]).message).toMatch(/^b near line 2, c: /)
  expect(crashed(inputs, [crash(), crash()]).message).toMatch(/^The job: .* No object was being read/)
})
