import type { DatasetDay } from './dataset-day.ts'

/** Removes the beginning `<dataset> <date>: ` from a message, for output that shows both beside it. */
export function withoutDay(message: string, { dataset, date }: DatasetDay): string {
  const day = `${dataset} ${date}: `
  return message.startsWith(day) ? message.slice(day.length) : message
}
