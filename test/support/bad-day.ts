import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A day on which the dataset `readings` fails, or none. */
export interface BadDay {
  /** Where the dataset asks for it: feature code sees no file of a test. */
  readonly badDayUrl: string
  /** Makes every record of a day be rejected; null: of no day. */
  readonly setBadDay: (day: string | null) => void
}

/** Tells of a bad day until the process ends. */
export function badDay(): BadDay {
  let bad: string | null = null
  const server = createServer((_, response) => response.setHeader('connection', 'close').end(bad ?? ''))
  // At once only where no host has to be looked up.
  const { port } = server.listen(0).unref().address() as AddressInfo
  return { badDayUrl: `http://127.0.0.1:${port}`, setBadDay: (day) => void (bad = day) }
}
