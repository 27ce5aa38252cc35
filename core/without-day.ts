import type { DatasetDay } from './execution-input.ts'

/** A message without the dataset-day that it begins with, for where that stands beside it already. */
export function withoutDay(message: string, { dataset, date }: DatasetDay): string {
  const day = `${dataset} ${date}: `
  return message.startsWith(day) ? message.slice(day.length) : message
}
