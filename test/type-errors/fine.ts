import { defineDataset, float64, string } from '../../processing/dataset.ts'

interface Raw {
  readonly id: string
  readonly salary?: number
}

const columns = { id: string(), salary: float64().nullable() }

export const rows = defineDataset({
  name: 'd',
  columns,
  extract: (record: Raw) => [{ id: record.id, salary: record.salary ?? null }],
})
export const rowOrNull = defineDataset({
  name: 'd',
  columns,
  extract: (record: Raw) => (record.id === '' ? null : { id: record.id, salary: 1 }),
})
export const withSetup = defineDataset({
  name: 'd',
  columns,
  setup: () => new Map<string, number>(),
  extract: (record: Raw, known: ReadonlyMap<string, number>) => ({
    id: record.id,
    salary: known.get(record.id) ?? null,
  }),
})

interface Row {
  readonly id: string
  readonly salary: number | null
}
export const named = defineDataset({
  name: 'd',
  columns,
  extract: (record: Raw): Row | null => (record.id === '' ? null : { id: record.id, salary: 1 }),
})
export const always = defineDataset({ name: 'd', columns, extract: () => null })
