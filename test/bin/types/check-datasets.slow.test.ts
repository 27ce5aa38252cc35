import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkDatasets } from '../../../bin/types/check-datasets.ts'

const folder = mkdtempSync(join(tmpdir(), 'dayfold-types-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each mistake is one that people make. */
const SEVEN = `import { defineDataset, string } from 'dayfold'
import { row, columns } from './row.ts'
interface Raw { id: string; n?: number; at: string }
const setup = () => ({ table: new Map<string, number>() })
const extract = (raw: Raw) => row(raw)
export const datasets = [
  defineDataset({ name: 'a', columns, extract: (r: Raw) => ({ id: r.id, n: r.n, at: new Date(r.at) }) }),
  defineDataset({ name: 'b', columns, extract(r: Raw) {
    return {
      id: r.id,
      m: r.n ?? 0,
      at: new Date(r.at),
    }
  } }),
  defineDataset({ name: 'c', columns, extract(r: Raw) {
    const row = {
      id: r.id,
      n: 1,
      at: r.at,
    }
    return r.id === '' ? null : [row, { ...row, at: new Date(), n: 'x' }]
  } }),
  defineDataset({ name: 'd', columns, async extract(r: Raw) {
    await Promise.resolve()
    return { id: r.id, n: 1, at: new Date() }
  } }),
  defineDataset({ name: 'e', columns, setup, extract(r: Raw, context: { table: Set<string> }) {
    return { id: r.id, n: context.table.size, at: new Date() }
  } }),
  defineDataset({ name: 'f', columns, extract(r: Raw) {
    if (r.id === '') return undefined
    return { id: r.id, n: 'x', at: new Date() }
  } }),
  defineDataset({ name: 'g', columns, extract(r: Raw) {
    return [1, 2].map((n) => ({ ...r, n, at: new Date(), nonsense: true }))
  } }),
  defineDataset({ name: 'h', columns, extract }),
  defineDataset({ name: 'j', columns, extract(r: Raw) {
    if (r.id === '') return JSON.parse(r.at)
    return { id: r.id, n: 1, at: new Date() }
  } }),
  defineDataset({ name: 'i', columns: { id: string() }, extract(r: Raw) {
    return { id: r.id }
  } }),
]
`
const ROW = `import { string, int32, timestamp } from 'dayfold'
export const columns = { id: string(), n: int32(), at: timestamp() }
export const row = ({ id }: { id: string }) => ({ id, n: 1 })
export const text = (value: string): string => value.length
`

/** The mistakes of another dataset must not be reported. */
const OTHER = SEVEN.replaceAll(/name: '(.)'/g, "name: 'other_$1'")
const INDEX = `import { datasets as mine } from './seven.ts'
import { datasets as others } from './other.ts'
export const datasets = [...mine, ...others]
`

test('mistakes are told where the property stands, with the types that are expected and found', () => {
  for (const [name, text] of Object.entries({ row: ROW, seven: SEVEN, other: OTHER, index: INDEX }))
    writeFileSync(join(folder, `${name}.ts`), text)
  const problems = checkDatasets(join(folder, 'index.ts'), 'a')
  const told = problems.map(({ file, line, message }) => `${file}:${line} ${message.split('\n')[0]}`)
  expect(told).toEqual([
    "seven.ts:7 column 'n': expected number, found number | undefined",
    "seven.ts:11 'm' is not one of the columns (did you mean 'n'?)",
    "seven.ts:19 column 'at': expected Date, found string",
    "seven.ts:21 column 'n': expected number, found string",
    'seven.ts:23 extract must return a row, rows or null, found Promise<{ id: string; n: number; at: Date; }>',
    expect.stringMatching(/^seven\.ts:27 Type '\(\) => \{ table: Map/),
    'seven.ts:31 extract must return a row, rows or null, found undefined',
    "seven.ts:32 column 'n': expected number, found string",
    "seven.ts:35 'nonsense' is not one of the columns",
    "seven.ts:5 column 'at' is missing",
    'seven.ts:39 extract must return a row, rows or null, found any',
    "row.ts:4 Type 'number' is not assignable to type 'string'. (TS2322)",
  ])
  expect(problems[5]!.message).toMatch(/Property 'add' is missing/)
})

const UNTYPED = `import { defineDataset, int32, list, string } from 'dayfold'
const columns = { id: string(), n: int32().nullable(), tags: list(string()) }
export const datasets = [
  defineDataset({ name: 'x', columns, extract: (r: any) => ({ id: r.id, n: Number(r.n), tags: r.tags }) }),
  defineDataset({ name: 'x', columns, extract: (r) => ({ id: r.id, n: 1, tags: [] }) }),
  defineDataset({ name: 'x', columns, extract: ({ id }) => ({ id, n: null, tags: [] }) }),
  defineDataset({ name: 'x', columns, extractBatch(records) {
    return records.map(() => ({ id: '', n: null, tags: [] }))
  } }),
  defineDataset({ name: 'x', columns, extractBatch: (records: any[]) => records.map(({ id }) => ({ id, n: null, tags: [] })) }),
  defineDataset({ name: 'x', columns, extract: () => ({ id: '', n: null, tags: JSON.parse('[]') }) }),
  defineDataset({ name: 'x', columns, extract: () => ({ id: '', n: null, tags: [] }) }),
]
`

test('a record without a type, and values of none, are told as that', () => {
  const file = join(folder, 'untyped.ts')
  writeFileSync(file, UNTYPED)
  const problems = checkDatasets(file, 'x').filter(({ message }) => !message.includes('(TS'))
  const advice = '. Give the record a type, or the value its own'
  expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
    `4 column 'id': expected string, found any${advice}`,
    `4 column 'tags': expected readonly string[], found any${advice}`,
    '5 expected the type of a raw record, such as extract(record: { id: string }), found none',
    '6 expected the type of a raw record, such as extract(record: { id: string }), found none',
    '7 expected the type of a raw record, such as extractBatch(records: { id: string }[]), found none',
    `10 column 'id': expected string, found any${advice}`,
    `11 column 'tags': expected readonly string[], found any${advice}`,
  ])
})

const UNUSED = `import { basename, dirname } from 'node:path'
import { defineDataset, string } from 'dayfold'
type Nothing = string
interface Raw { id: string }
export const datasets = [
  defineDataset({ name: 'u', columns: { id: string() }, extract(raw: Raw, context: undefined) {
    const { length, width } = raw.id
    const [one, two] = [1, 2]
    return { id: raw.id }
  } }),
]
function none<T>(): void {}
`

test('imports, types, parameters and variables that are not used are no mistakes', () => {
  const file = join(folder, 'unused.ts')
  writeFileSync(file, UNUSED)
  const told = checkDatasets(file, 'u').map(({ line, message }) => `${line} ${message}`)
  expect(told).toEqual(["7 Property 'width' does not exist on type 'String'. (TS2339)"])
})
