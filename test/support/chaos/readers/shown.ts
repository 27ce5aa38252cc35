import type { Day } from '../../../../core/dates.ts'
import { parseS3Uri, PROCESSED, REPLACEMENTS, tableAndDayOf } from '../../../../core/layout.ts'
import { idsOf } from '../../lambda/fake-job.ts'
import { TABLE } from '../../lambda/dataset.ts'
import { fileOf, type World } from '../../lambda/world.ts'
import type { Call } from '@dayfold/local-aws/faults'
import type { Rows } from './verdict.ts'

/**
 * A change of the rows that a query finds, for a query that asks for a day's Location before it and lists the folder
 * after it.
 */
export interface Change {
  readonly date: Day
  /** Milliseconds since 1970, on the clock of the services. */
  readonly at: number
  readonly kind: 'switched' | 'went-home' | 'deleted'
}

/** Records, after every change of state, what an instantaneous query would see. */
export interface Observer {
  readonly changes: readonly Change[]
  /** Takes a change of state, before its caller gets the answer. */
  wrote(call: Call): Promise<void>
  /** Returns all rows that a day showed between two times, one list per state. */
  shown(date: Day, from: number, to: number): readonly Rows[]
}

interface Showing {
  readonly since: number
  readonly rows: Rows
}

/** Observes the days of a world. It reads the catalog and the files themselves, without the ledger. */
export function observe(world: World, now: () => number): Observer {
  const locations = new Map<Day, string>()
  const showings = new Map<Day, Showing[]>()
  const changes: Change[] = []
  const rowsOf = new Map<string, Rows>()

  async function look(date: Day, since: number): Promise<void> {
    const keys = world.keys(locations.get(date)!)
    const parts: Rows[] = []
    for (const key of keys) {
      if (!rowsOf.has(key)) rowsOf.set(key, await idsOf(fileOf(world, key)))
      parts.push(rowsOf.get(key)!)
    }
    showings.set(date, [...(showings.get(date) ?? []), { since, rows: parts.flat() }])
  }

  async function lookAtCatalog({ caller }: Call, at: number): Promise<void> {
    const { partitions } = await world.glue.catalog.table(TABLE)
    for (const [date, { descriptor }] of partitions) {
      const prefix = `${parseS3Uri(descriptor.Location!)!.key.replace(/\/$/, '')}/`
      if (locations.get(date) === prefix) continue
      const isKnown = locations.has(date)
      locations.set(date, prefix)
      await look(date, at)
      // Changes by a crawler are part of the disturbance.
      if (!isKnown || caller.accessKeyId === 'crawler') continue
      changes.push({ date, at, kind: prefix.startsWith(PROCESSED) ? 'went-home' : 'switched' })
    }
  }

  async function lookAtFolder({ key, operation }: Call, at: number): Promise<void> {
    const date = key !== undefined && isData(key) ? tableAndDayOf(key)?.day : undefined
    if (key === undefined || date === undefined) return
    if (operation.startsWith('Delete')) changes.push({ date, at, kind: 'deleted' })
    const location = locations.get(date)
    if (location !== undefined && key.startsWith(location)) await look(date, at)
  }

  return {
    changes,
    async wrote(call) {
      const at = now()
      await (call.service === 'glue' ? lookAtCatalog(call, at) : lookAtFolder(call, at))
    },
    shown(date, from, to) {
      const all = [{ since: 0, rows: [] }, ...(showings.get(date) ?? [])]
      return all
        .filter(({ since }, at) => since <= to && (all[at + 1]?.since ?? to) >= from)
        .map(({ rows }) => rows)
    },
  }
}

const isData = (key: string) => key.startsWith(PROCESSED) || key.startsWith(REPLACEMENTS)
