import type { Day } from './dates.ts'

/** Placeholders of a day's template. Each must occur once. */
const TOKENS = /YYYY|MM|DD/g

/**
 * True if a value is a template of a day's folder: YYYY, MM and DD once each among other characters, no empty segment,
 * no slash at either end. HH is not allowed, because folders below the day belong to it.
 */
export function isRawLayout(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const found = value.match(TOKENS) ?? []
  // YYYYY, DDD or HH is a slip, not a name.
  const rest = value.replaceAll(TOKENS, ' ')
  const isTemplate = found.length === 3 && new Set(found).size === 3 && !/[YMD] | [YMD]|HH/.test(rest)
  return isTemplate && value.split('/').every((segment) => !['', '.', '..'].includes(segment))
}

/**
 * Returns a pattern for each folder level of a layout such as `YYYY/MM/DD`, the outermost first. It matches every name
 * that the folder has on some day.
 */
export function folderPatterns(layout: string): RegExp[] {
  const digits = (text: string) => text.replaceAll(TOKENS, (token) => `\\d{${token.length}}`)
  const plain = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return layout.split('/').map((segment) => new RegExp(`^${digits(plain(segment))}$`))
}

/** Returns the path of a day's folder below the raw prefix, without a slash at the end. */
export function rawDayFolder(layout: string, day: Day): string {
  const [year, month, date] = day.split('-') as [string, string, string]
  const parts: Readonly<Record<string, string>> = { YYYY: year, MM: month, DD: date }
  return layout.replaceAll(TOKENS, (token) => parts[token]!)
}
