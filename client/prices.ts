import { z } from 'zod'
import { LIST_PRICES, type Prices } from '../core/cost/prices.ts'
import { DayfoldError } from '../core/errors.ts'

const dollars = z.number().min(0)

const PRICES = z.strictObject({
  date: z.string(),
  source: z.string(),
  region: z.string(),
  instances: z.record(z.string(), dollars),
  volumeGbMonth: dollars,
  lambdaGbSecond: dollars,
  lambdaMillionCalls: dollars,
  thousandTransitions: dollars,
  thousandReads: dollars,
  thousandWrites: dollars,
  storageGbMonth: dollars,
  athenaTerabyte: dollars,
  crawlerDpuHour: dollars,
  metricMonth: dollars,
  alarmMonth: dollars,
  logGb: dollars,
} satisfies Record<keyof Prices, z.ZodType>)

/**
 * Returns the list prices, overridden by those in a user's file.
 *
 * @param text JSON with any members of {@link Prices}; `instances` extends those of the list
 * @param file name of the file, for the message
 * @throws DayfoldError InvalidInput for an unknown member or an invalid price
 */
export function pricesWith(text: string, file: string): Prices {
  const others = PRICES.partial().safeParse(parsed(text))
  if (others.success) {
    const own = Object.fromEntries(Object.entries(others.data).filter(([, value]) => value !== undefined))
    const instances = { ...LIST_PRICES.instances, ...others.data.instances }
    return { ...LIST_PRICES, source: file, ...own, instances }
  }
  const { path, message } = others.error.issues[0]!
  throw new DayfoldError(
    'InvalidInput',
    `--prices ${file}: expected JSON with some of ${Object.keys(LIST_PRICES).join(', ')}, found ` +
      `${path.length === 0 ? message : `at ${path.join('.')}: ${message}`}.`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Estimates the number of processors of an instance type from its size: four per x in sizes such as `4xlarge`, else
 * two.
 */
export function processors(instanceType: string): number {
  const size = instanceType.split('.').at(-1) ?? ''
  const times = /^(\d*)xlarge$/.exec(size)?.[1]
  return times === undefined ? 2 : 4 * Number(times || 1)
}
