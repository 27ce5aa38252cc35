import type { Day } from './dates.ts'

/** Each of them stands once in a template of a day. */
const TOKENS = /YYYY|MM|DD/g

/**
 * Whether a value is a template of a day: YYYY, MM and DD once each among other characters, no empty segment and no slash
 * at either end. One with HH is none: what lies below a day belongs to it.
 */
export function isRawLayout(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const found = value.match(TOKENS) ?? []
  // YYYYY, DDD or HH is a slip, not a name.
  const rest = value.replaceAll(TOKENS, ' ')
  const isTemplate = found.length === 3 && new Set(found).size === 3 && !/[YMD] | [YMD]|HH/.test(rest)
  return isTemplate && value.split('/').every((segment) => !['', '.', '..'].includes(segment))
}

/** What the name of each folder down to a day looks like. */
export function folderPatterns(layout: string): RegExp[] {
  const digits = (text: string) => text.replaceAll(TOKENS, (token) => `\\d{${token.length}}`)
  const plain = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return layout.split('/').map((segment) => new RegExp(`^${digits(plain(segment))}$`))
}

/** The folder of a day, without a slash at its end. */
export function rawDayFolder(layout: string, day: Day): string {
  const [year, month, date] = day.split('-') as [string, string, string]
  const parts: Readonly<Record<string, string>> = { YYYY: year, MM: month, DD: date }
  return layout.replaceAll(TOKENS, (token) => parts[token]!)
}
