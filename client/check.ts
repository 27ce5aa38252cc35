import { findManifest, readAttempt } from '../aws/day-state.ts'
import { inParallel } from '../aws/in-parallel.ts'
import { listPrefixes } from '../aws/list-objects.ts'
import { partitionLocations, type Catalog } from '../aws/partitions.ts'
import type { Day } from '../core/dates.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { attemptKey, manifestKey, statePrefix, tableAndDayOf, tablePrefix } from '../core/layout.ts'
import { EMPTY_MANIFEST } from '../core/manifest.ts'
import { checkDay } from './check-day.ts'
import type { Finding } from './findings.ts'
import type { StatusOptions } from './status.ts'
import { dataOf, type Target } from './target.ts'

/** Result of comparing the published days with their manifests. */
export interface Checked {
  /** Number of dataset-days that were checked. */
  readonly checked: number
  /** Differences, sorted by dataset, then by day. */
  readonly findings: readonly Finding[]
}

/** Maximum number of times that a day is checked if publishes keep changing it meanwhile. */
const MAX_ROUNDS = 5

/**
 * Compares what readers see of each day with its manifest, for every day that the ledger, the catalog or the table's
 * folder knows. Changes nothing. Costs a listing and two reads per day.
 */
export async function check(target: Target, options: StatusOptions = {}): Promise<Checked> {
  const names = options.datasets ?? target.datasets.map(({ name }) => name)
  const findings: Finding[] = []
  let checked = 0
  for (const dataset of names) {
    const locations = await partitionLocations(catalogOf(target), dataset)
    const days = (await daysOf(target, dataset, locations)).filter((day) => isAsked(day, options))
    const found = await inParallel(days, (date) => findingsOf(target, { dataset, date }, locations.get(date)))
    findings.push(...found.flat())
    checked += days.length
  }
  return { checked, findings }
}

const catalogOf = ({ clients, database }: Target): Catalog => ({ glue: clients.glue, database })
const isAsked = (day: Day, { from = day, to = day }: StatusOptions) => from <= day && day <= to

async function daysOf(target: Target, table: string, locations: ReadonlyMap<Day, string>): Promise<Day[]> {
  const days = new Set(locations.keys())
  for (const above of [statePrefix(table), tablePrefix(table)]) {
    for await (const prefix of listPrefixes(dataOf(target), above)) {
      const day = tableAndDayOf(prefix)?.day
      if (day !== undefined) days.add(day)
    }
  }
  return [...days].sort()
}

async function findingsOf(target: Target, day: DatasetDay, location: string | undefined): Promise<Finding[]> {
  const [ofDay, attempt] = await Promise.all([
    manifestFindings(target, day, location),
    readAttempt(dataOf(target), day),
  ])
  return attempt?.problem ? [...ofDay, unreadable(day, 'attempt', attempt.problem)] : ofDay
}

async function manifestFindings(
  target: Target,
  day: DatasetDay,
  location: string | undefined,
): Promise<Finding[]> {
  const data = dataOf(target)
  for (let round = 1; ; round++) {
    const manifest = await orCorrupt(() => findManifest(data, day))
    if (manifest instanceof DayfoldError) return [unreadable(day, 'manifest', manifest)]
    const known = { ...day, manifest: manifest ?? EMPTY_MANIFEST, location }
    const findings = await checkDay(data, catalogOf(target), known)
    if (findings.length === 0 || round === MAX_ROUNDS) return findings
    const again = await orCorrupt(() => findManifest(data, day))
    if (!(again instanceof DayfoldError) && again?.write === manifest?.write) return findings
  }
}

function unreadable(day: DatasetDay, kind: 'manifest' | 'attempt', { message }: DayfoldError): Finding {
  const keyOf = kind === 'manifest' ? manifestKey : attemptKey
  return { ...day, kind, key: keyOf(day.dataset, day.date), finding: message }
}
