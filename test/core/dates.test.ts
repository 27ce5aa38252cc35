import { describe, expect, it } from 'vitest'
import {
  addDays,
  countDays,
  dayAt,
  daysBetween,
  hasEnded,
  isDay,
  isInstant,
  isTimeZone,
  parseDay,
} from '../../core/dates.ts'

describe('days', () => {
  it.each(['2024-02-29', '0001-01-01', '9999-12-31'])('%s exists', (text) => expect(isDay(text)).toBe(true))

  it.each([
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-1-1',
    '0000-12-31',
    '20240101',
    '+002024-01-01',
    '2024-01-01T00:00Z',
    '',
  ])('"%s" does not', (text) => expect(isDay(text)).toBe(false))

  it('name their subject when they do not exist', () => {
    expect(() => parseDay('2023-02-29', '--from')).toThrow(
      '--from: expected an existing day as YYYY-MM-DD, found "2023-02-29".',
    )
  })

  it('are counted over months, leap days and changes of the clock', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
    expect(countDays('2024-03-30', '2024-04-01')).toBe(3)
    expect(daysBetween('2023-12-31', '2024-01-01')).toEqual(['2023-12-31', '2024-01-01'])
    expect(daysBetween('2024-01-02', '2024-01-01')).toEqual([])
  })

  it('begin at midnight of their own time zone', () => {
    expect(dayAt('2024-01-01T04:59:59Z', 'America/New_York')).toBe('2023-12-31')
    expect(dayAt('2024-01-01T05:00:00Z', 'America/New_York')).toBe('2024-01-01')
    expect(dayAt('2024-01-01T00:00:00+09:00', 'UTC')).toBe('2023-12-31')
  })

  it('have ended once the next one has begun in their own time zone', () => {
    expect(hasEnded('2024-01-01', '2024-01-02T04:59:59Z', 'America/New_York')).toBe(false)
    expect(hasEnded('2024-01-01', '2024-01-02T05:00:00Z', 'America/New_York')).toBe(true)
    expect(hasEnded('2024-01-01', '2024-01-01T12:00:00Z', 'UTC')).toBe(false)
  })

  it('come from instants with an offset', () => {
    expect(isInstant('2024-01-01T00:00:00Z')).toBe(true)
    expect(isInstant('2024-01-01T00:00:00')).toBe(false)
  })

  it('know time zones', () => {
    expect(isTimeZone('Europe/Zurich')).toBe(true)
    expect(isTimeZone('Mars/Olympus')).toBe(false)
  })
})
