import { expect, test } from 'vitest'
import clicks from '../../../processing/datasets/clicks.ts'
import impressions from '../../../processing/datasets/impressions.ts'

const impression = (record: unknown) => impressions.extract(record as never, undefined as never)
const click = (record: unknown) => clicks.extract(record as never, undefined as never)

const IMPRESSION = {
  impression_id: 'i-1',
  user_id: null,
  job_id: 'j-1',
  position: 3,
  shown_at: '2024-05-06T10:00:00.500Z',
  query: 'Pflege',
  device: 'Mobile',
  country: 'Deutschland',
  features: [0.5, 1],
}

test('an impression becomes a row', () => {
  expect(impression(IMPRESSION)).toEqual({
    impression_id: 'i-1',
    user_id: null,
    job_id: 'j-1',
    position: 3,
    shown_at: new Date('2024-05-06T10:00:00.500Z'),
    query: 'pflege',
    device: 'mobile',
    country: 'DE',
    features: [0.5, 1],
  })
})

test('impressions of bots are dropped', () => {
  expect(impression({ ...IMPRESSION, bot: true })).toBeNull()
})

test('an impression without a time, a position or an id is rejected by name', () => {
  expect(() => impression({ ...IMPRESSION, shown_at: 'soon' })).toThrow(
    'shown_at: expected a time, found "soon"',
  )
  expect(() => impression({ ...IMPRESSION, position: 0 })).toThrow(
    'position: expected a whole number from 1, found 0',
  )
  expect(() => impression({ ...IMPRESSION, job_id: undefined })).toThrow('job_id: expected text')
})

test('a click becomes a row, its impossible dwell time null', () => {
  const event = {
    click_id: 1,
    impression_id: 'i-1',
    clicked_at: 1714989600,
    dwell_seconds: -1,
    applied: 'no',
  }
  expect(click(event)).toEqual({
    click_id: '1',
    impression_id: 'i-1',
    clicked_at: new Date('2024-05-06T10:00:00Z'),
    dwell_seconds: null,
    applied: false,
  })
})
