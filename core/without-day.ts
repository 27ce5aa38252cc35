import type { DatasetDay } from './execution-input.ts'

/** Removes a leading `<dataset> <date>: ` from a message that is shown beside them. */
export function withoutDay(message: string, { dataset, date }: DatasetDay): string {
  const day = `${dataset} ${date}: `
  return message.startsWith(day) ? message.slice(day.length) : message
}
