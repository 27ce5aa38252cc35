import { defineDataset, float64, string } from '../../processing/dataset.ts'

interface Raw {
  readonly id: string
  readonly salary?: number
}

const columns = { id: string(), salary: float64().nullable() }

export default defineDataset({
  name: 'd',
  columns,
  async extract(record: Raw) {
    await Promise.resolve()
    return { id: record.id, salary: record.salary ?? null }
  },
})
