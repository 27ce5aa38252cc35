import { defineDataset, float64, int32, string } from '../../../processing/dataset.ts'

interface Order {
  readonly id: string
  readonly lines: readonly { readonly item: string; readonly price: number }[]
}

/** The same columns as before the change, other values, and no lines that cost nothing. */
export default defineDataset({
  name: 'orders',
  maxRejectedRatio: 0.5,
  columns: { id: string(), line: int32(), item: string(), price: float64() },
  extract({ id, lines }: Order) {
    const paid = lines.filter(({ price }) => price > 0)
    return paid.map(({ item, price }, line) => ({ id, line, item: item.toUpperCase(), price }))
  },
})
