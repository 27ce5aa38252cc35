import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { addDays } from '../../../core/dates.ts'
import { DEFAULT_READ_SETTINGS } from '../../../core/read-settings.ts'
import { rawDayFolder } from '../../../core/raw-layout.ts'
import type { Arrival, Step } from './messages.ts'

export const DATE = '2024-05-06'
/** Batches of a day: the rule starts an execution every three hours. */
const BATCHES = 8
const HOURS_A_BATCH = 24 / BATCHES

const hour = (batch: number) => String(batch * HOURS_A_BATCH).padStart(2, '0')

/** Returns the files of a folder in batches; each arrives in a folder of the day that is named after the hour. */
function arrivals(folder: string, batches: number): Arrival[] {
  const files = rawFiles(folder)
  return Array.from({ length: batches }, (_, batch) => {
    const [start, end] = [batch, batch + 1].map((at) => Math.floor((at * files.length) / batches))
    return {
      files: files.slice(start, end),
      to: `${rawDayFolder(DEFAULT_READ_SETTINGS.rawLayout, DATE)}/${hour(batch)}`,
    }
  })
}

/** Returns the paths of the raw files of a folder, in order. */
export function rawFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  return names.sort().map((name) => join(folder, name))
}

const scheduled = (dataset: string, day: string, atHour: string) => ({
  scheduledAt: `${day}T${atHour}:10:00Z`,
  datasets: [dataset],
})
const nextDay = (dataset: string) => scheduled(dataset, addDays(DATE, 1), '00')

/**
 * Returns the steps of a growing day: its batches, each before an execution of the schedule, and the first execution of
 * the next day.
 */
export function growingDay(dataset: string, folder: string, batches = BATCHES): Step[] {
  const steps = arrivals(folder, batches).map((arrival, batch) => ({
    arrivals: [arrival],
    input: scheduled(dataset, DATE, hour(batch)),
  }))
  return [...steps, { arrivals: [], input: nextDay(dataset) }]
}

/** Returns a single step: the whole day arrives before one execution. */
export function wholeDay(dataset: string, folder: string): Step[] {
  return [{ arrivals: arrivals(folder, BATCHES), input: nextDay(dataset) }]
}

/** Returns the step that rebuilds the day from its raw files. */
export const rebuild = (dataset: string): Step => ({
  arrivals: [],
  input: { from: DATE, to: DATE, mode: 'rebuild', datasets: [dataset] },
})
