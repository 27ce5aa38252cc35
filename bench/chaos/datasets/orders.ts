import { defineDataset, float64, int32, string } from '../../../processing/dataset.ts'

interface Order {
  readonly id: string
  readonly lines: readonly { readonly item: string; readonly price: number }[]
}

/** Lines of orders: a record makes as many rows as it has lines. */
export default defineDataset({
  name: 'orders',
  maxRejectedRatio: 0.5,
  columns: { id: string(), line: int32(), item: string(), price: float64() },
  extract: ({ id, lines }: Order) => lines.map(({ item, price }, line) => ({ id, line, item, price })),
})
