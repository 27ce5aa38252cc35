import { expect, it } from 'vitest'
import { isRawLayout, rawDayFolder } from '../../core/raw-layout.ts'

it.each([
  ['YYYY/MM/DD', '2024/05/06'],
  ['dt=YYYY-MM-DD', 'dt=2024-05-06'],
  ['year=YYYY/month=MM/day=DD', 'year=2024/month=05/day=06'],
  ['YYYYMMDD', '20240506'],
  ['DD.MM.YYYY/all', '06.05.2024/all'],
  ['Year YYYY/Monthly/MM-DD', 'Year 2024/Monthly/05-06'],
])('%s puts a day into %s', (layout, folder) => {
  expect(isRawLayout(layout)).toBe(true)
  expect(rawDayFolder(layout, '2024-05-06')).toBe(folder)
})

it.each([
  'YYYY/MM',
  'YYYY/MM/MM',
  'YYYY/MM/DD/YYYY',
  'YYYYY/MM/DD',
  'YYYY/MM/DDD',
  'YYYY/MM/DD/HH',
  'yyyy/mm/dd',
  '/YYYY/MM/DD',
  'YYYY/MM/DD/',
  'YYYY//MM/DD',
  '../YYYY/MM/DD',
  'YYYY/./MM/DD',
  '',
  20_240_506,
  undefined,
])('%j is no template of a day', (layout) => {
  expect(isRawLayout(layout)).toBe(false)
})
