import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seededRandom, type Random } from './random.ts'

const DAYS = ['2024-06-03', '2024-06-04']
/** From this day on a new version of the app states short distances in metres. */
const METRES_FROM = '2024-06-04'
const ORDERS_A_DAY = 600
const SEED = 20240603
const DISHES = ['pizza', 'salad', 'soup', 'ramen', 'tiramisu']

/** Makes an order and its delivery, of a shop that is open from 11 to 23 o'clock and slow when everybody is hungry. */
function orderAndDelivery(random: Random, day: string, number: number) {
  const id = `o-${day.slice(-2)}-${String(number).padStart(3, '0')}`
  const minuteOfDay = 11 * 60 + Math.floor((number * 12 * 60) / ORDERS_A_DAY)
  const hour = Math.floor(minuteOfDay / 60)
  const kilometres = 0.3 + 5 * random.next() ** 2
  const items = Array.from({ length: random.between(1, 5) }, () => random.pick(DISHES))
  const rush = hour === 12 || hour >= 19 ? 12 : 0
  const minutes = Math.round(12 + 5 * kilometres + 2 * items.length + rush + 12 * random.next())
  const isShort = day >= METRES_FROM && kilometres < 1
  const distance = isShort ? `${Math.round(1000 * kilometres)} m` : `${kilometres.toFixed(1)} km`
  const time = `${hour}:${String(minuteOfDay % 60).padStart(2, '0')}`
  return {
    order: { id, placed_at: `${day}T${time}:00Z`, distance, items },
    delivery: { order: id, minutes },
  }
}

/** Writes the raw folder of docs/tutorial.md below `directory`: the same on any machine. */
function writeOrders(directory: string): void {
  const random = seededRandom(SEED)
  for (const day of DAYS) {
    const made = Array.from({ length: ORDERS_A_DAY }, (_, number) => orderAndDelivery(random, day, number))
    const records = {
      orders: made.map(({ order }) => order),
      deliveries: made.map(({ delivery }) => delivery),
    }
    for (const [dataset, lines] of Object.entries(records)) {
      const folder = join(directory, dataset, day.replaceAll('-', '/'))
      mkdirSync(folder, { recursive: true })
      writeFileSync(
        join(folder, `${dataset}.jsonl`),
        lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      )
    }
  }
}

// npx tsx samples/orders.ts FOLDER
if (process.argv[1] === fileURLToPath(import.meta.url)) writeOrders(process.argv[2]!)
