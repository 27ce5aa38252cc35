import { expect, test } from 'vitest'
import { columnSpecs, type Row } from '../../../processing/dataset.ts'
import jobs from '../../../processing/datasets/jobs.ts'
import { rowCheck } from '../../../processing/records/check-row.ts'

const extract = (record: unknown) =>
  jobs.extract(record as never, undefined as never) as Row<typeof jobs> | null
const problemOf = rowCheck(columnSpecs(jobs))

const LISTING = {
  id: 'a-1',
  title: '  Senior Software Engineer ',
  company: { name: 'Oak & Anchor' },
  description:
    '<p>We are looking for <b>someone</b> who cares &amp; listens.</p><ul><li>One</li><li>Two 👍</li></ul><script>x()</script>',
  location: { city: 'London', country: 'United Kingdom', lat: '51.5072', lon: -0.1276 },
  salary: { min: 25.1, max: '30', period: 'per Hour', currency: 'gbp' },
  skills: ['SQL', 'sql ', 'Go'],
  employment_type: 'FULL_TIME',
  remote: 'yes',
  posted_at: '2024-05-06 10:00:00',
}

test('a listing becomes a clean row', () => {
  expect(extract(LISTING)).toEqual({
    job_id: 'a-1',
    title: 'senior software engineer',
    title_tokens: ['senior', 'software', 'engineer'],
    seniority: 'senior',
    company: 'Oak & Anchor',
    company_id: -8390331855891486554n,
    description: 'We are looking for someone who cares & listens. One Two 👍',
    description_chars: 57,
    description_words: 12,
    description_key: 814738400938574013n,
    language: 'en',
    city: 'London',
    country: 'GB',
    latitude: 51.5072,
    longitude: -0.1276,
    salary_min: 52_208,
    salary_max: 62_400,
    salary_currency: 'GBP',
    skills: ['sql', 'go'],
    employment_type: 'full-time',
    remote: true,
    posted_at: new Date('2024-05-06T10:00:00Z'),
  })
})

test('a listing of which only the id is known still becomes a row', () => {
  const row = extract({ id: 7 })
  expect(row).toMatchObject({ job_id: '7', title: null, description: null, description_words: 0, skills: [] })
  expect(problemOf(row)).toBeUndefined()
})

test('a listing without an id is rejected with a message that names the field', () => {
  expect(() => extract({ title: 'x' })).toThrow('id: expected text or a whole number, found nothing')
  expect(() => extract({ id: ' ' })).toThrow('id: expected text or a whole number, found " "')
})

test('listings that a feed marks as tests are dropped', () => {
  expect(extract({ ...LISTING, status: 'test' })).toBeNull()
})

test.each([
  ['every field of another type', fieldsSetTo(42)],
  ['every field a list', fieldsSetTo([[]])],
  ['every field an object', fieldsSetTo({ min: {}, max: [], period: {}, city: 1, name: 3 })],
  ['every field null', fieldsSetTo(null)],
  ['every field a name that objects inherit', fieldsSetTo('__proto__')],
  [
    'a salary in terms that objects inherit',
    { salary: { min: 1, max: 2, period: 'constructor', currency: 'toString' } },
  ],
  ['an amount with more digits than a double holds', { salary: { min: '9'.repeat(400), max: '1e999' } }],
  ['a position beyond the poles', { location: { lat: 91, lon: 181 } }],
])('dirt is a row that fits its columns all the same: %s', (_, fields) => {
  expect(problemOf(extract({ ...LISTING, ...fields }))).toBeUndefined()
})

function fieldsSetTo(value: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(LISTING)
      .filter((name) => name !== 'id')
      .map((name) => [name, value]),
  )
}

test.each([
  [{ min: 4000, max: 5000, period: 'MONTH', currency: 'EUR' }, 48_000, 60_000, 'EUR'],
  [{ min: '45.000,50 €', max: '60.000 €' }, 45_000.5, 60_000, 'EUR'],
  [{ min: '$45,000', max: '$60k', period: 'yearly' }, 45_000, 60_000, 'USD'],
  [{ min: '¥4 200 000' }, 4_200_000, null, 'JPY'],
  [{ min: 50_000, max: 40_000, currency: 'CHF' }, 40_000, 50_000, 'CHF'],
  [{ min: 0, max: -1, currency: 'EUR' }, null, null, 'EUR'],
  [{ min: 100, max: 200, period: 'fortnight', currency: '??' }, null, null, null],
  ['competitive', null, null, null],
  [{ min: 'R$4.000', max: 'R$6.000', period: 'month' }, 48_000, 72_000, 'BRL'],
  [{ min: 45_000, currency: 'tbd' }, 45_000, null, null],
])('the salary %j is %s to %s %s a year', (salary, min, max, currency) => {
  expect(extract({ ...LISTING, salary })).toMatchObject({
    salary_min: min,
    salary_max: max,
    salary_currency: currency,
  })
})

test.each([
  [1714989600, '2024-05-06T10:00:00.000Z'],
  [1714989600123, '2024-05-06T10:00:00.123Z'],
  ['2024-05-06T12:00:00+02:00', '2024-05-06T10:00:00.000Z'],
  ['2024-05-06', '2024-05-06T00:00:00.000Z'],
  ['yesterday', undefined],
  ['2024-13-45', undefined],
  [Infinity, undefined],
  [{}, undefined],
])('posted at %j is %s', (posted_at, iso) => {
  expect(extract({ ...LISTING, posted_at })?.posted_at?.toISOString()).toBe(iso)
})

test.each([
  ['Wir suchen zum nächstmöglichen Zeitpunkt eine motivierte Pflegefachkraft für unser Team.', 'de'],
  ['Rejoignez notre équipe ! Nous recherchons une personne motivée et attentive aux détails.', 'fr'],
  ['一緒に働く仲間を募集しています。未経験の方も歓迎します。', 'ja'],
  ['', null],
])('the language of "%s" is %s', (description, language) => {
  expect(extract({ ...LISTING, description })?.language).toBe(language)
})

test('a dollar is that of the country', () => {
  const inCanada = { ...LISTING, location: { country: 'Kanada' }, salary: { min: '$45,000' } }
  expect(extract(inCanada)).toMatchObject({ country: 'CA', salary_currency: 'CAD' })
})

test('what the fields do not say, title and description may', () => {
  const row = extract({ id: 1, title: 'Remote nurse', description: '<p>An entry-level position</p>' })
  expect(row).toMatchObject({ remote: true, seniority: 'junior' })
})
