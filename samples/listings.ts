import { COMPANIES, PHRASES, type Phrases } from './phrases.ts'
import { COUNTRIES, type Country } from './places.ts'
import type { Random } from './random.ts'

/** A listing as a feed delivers it, with the facts that the events of the same day need. */
export interface SampleListing {
  readonly id: string
  readonly language: string
  readonly country: string
  readonly record: Readonly<Record<string, unknown>>
}

const EMPLOYMENT_TYPES = [
  'full-time',
  'FULL_TIME',
  'Full Time',
  'part-time',
  'Part Time',
  'contract',
  'internship',
]
const HOURS_A_YEAR = 2080

/**
 * Makes a listing posted on `day`, as clean or careless as feeds are.
 *
 * @param descriptionLength least characters of its description, tags included; 0 for the phrases of one listing
 */
export function sampleListing(
  random: Random,
  day: string,
  index: number,
  descriptionLength = 0,
): SampleListing {
  const country = random.pick(COUNTRIES)
  const language = random.pick(country.languages)
  const phrases = PHRASES[language]!
  const trade = random.pick(phrases.trades)
  const place = random.pick(country.places)
  const company = random.pick(COMPANIES)
  const id = `${day.replaceAll('-', '')}-${String(index).padStart(4, '0')}-${random.hex(6)}`
  const title = random.pick(trade.titles)
  const record = {
    id,
    title: random.chance(0.04) ? `  ${title.toUpperCase()} ` : title,
    company: random.chance(0.1) ? { name: company, verified: random.chance(0.5) } : company,
    description: description(random, phrases, trade.tasks, { city: place.city, company }, descriptionLength),
    location: {
      city: place.city,
      country: random.pick(country.spellings),
      lat: random.chance(0.05) ? String(place.latitude) : place.latitude,
      lon: place.longitude,
    },
    ...(random.chance(0.75) && { salary: salary(random, country) }),
    skills: skills(random, trade.skills),
    employment_type: random.pick(EMPLOYMENT_TYPES),
    remote: random.pick([true, false, false, false, 'yes', 'no']),
    posted_at: postedAt(random, day),
  }
  return { id, language, country: country.code, record: withDirt(random, record) }
}

interface Names {
  readonly city: string
  readonly company: string
}

function description(
  random: Random,
  phrases: Phrases,
  tasks: readonly string[],
  names: Names,
  length: number,
): string {
  let html = section(random, phrases, tasks, names)
  while (html.length < length) html += `\n${section(random, phrases, tasks, names)}`
  return html
}

function section(
  random: Random,
  { intros, headings, offers }: Phrases,
  tasks: readonly string[],
  names: Names,
): string {
  const filled = random.pick(intros).replace('{company}', names.company).replace('{city}', names.city)
  const items = (texts: readonly string[]) => texts.map((item) => `<li>${escape(item)}</li>`).join('')
  const parts = [
    `<p>${escape(filled)}</p>`,
    `<h3>${headings[0]}</h3>\n<ul>${items(random.some(tasks, random.between(2, tasks.length)))}</ul>`,
    `<h3>${headings[1]}</h3>\n<ul class="perks">${items(random.some(offers, random.between(2, offers.length)))}</ul>`,
  ]
  if (random.chance(0.15)) parts.push('<p>🚀 <b>#hiring</b> 👩‍⚕️👨‍💻</p>')
  if (random.chance(0.1)) parts.push(`<script>track("view", ${random.between(1, 9999)})</script>`)
  if (random.chance(0.1))
    parts.push('<p>Ref.:&nbsp;<i>&#8470;&nbsp;' + random.hex(5) + '</i><br/>&copy; 2024')
  return random.chance(0.05) ? filled : parts.join('\n')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function salary(random: Random, country: Country): Record<string, unknown> {
  const [low, high] = country.yearly
  const from = low + (high - low) * random.next() * 0.7
  const to = from * (1.05 + random.next() * 0.35)
  const { period, currency, sign } = country
  const divisor = { year: 1, month: 12, hour: HOURS_A_YEAR }[period]
  const round = (yearly: number) =>
    period === 'hour' ? Math.round((yearly / divisor) * 4) / 4 : Math.round(yearly / divisor / 50) * 50
  const [min, max] = [round(from), round(to)]
  return random.pick<Record<string, unknown>>([
    { min, max, period, currency },
    { min, max, period, currency },
    { min, max, period, currency },
    { min: `${sign}${min}`, max: `${sign}${max}`, period: period.toUpperCase() },
    { min: max, max: min, period: `${period}ly`, currency },
    { min, period, currency: currency.toLowerCase() },
    { min: grouped(min, country), max: grouped(max, country), period, currency },
  ])
}

/** Writes 45.000,50 in languages that do so, 45,000.50 in others. */
function grouped(value: number, { languages }: Country): string {
  const [thousands, decimal] = languages.includes('en') || languages.includes('ja') ? [',', '.'] : ['.', ',']
  const [whole, cents] = value.toFixed(2).split('.') as [string, string]
  return whole.replace(/\B(?=(\d{3})+$)/g, thousands) + decimal + cents
}

function skills(random: Random, known: readonly string[]): unknown {
  const chosen = random.some(known, random.between(0, known.length))
  return random.pick([chosen, chosen, chosen, chosen.join(', '), null])
}

function postedAt(random: Random, day: string): unknown {
  const at = Date.parse(`${day}T00:00:00Z`) + random.between(0, 86_399) * 1000
  const iso = new Date(at).toISOString()
  return random.pick<unknown>([
    iso,
    iso,
    iso.slice(0, 19).replace('T', ' '),
    at / 1000,
    at,
    `${iso.slice(0, 19)}+00:00`,
  ])
}

/** Spoils one listing of eight: a field is missing, empty, of another type or out of bounds. */
function withDirt(random: Random, record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!random.chance(0.12)) return record
  return random.pick<() => Record<string, unknown>>([
    () => ({ ...record, title: null }),
    () => ({ ...record, company: '' }),
    () => ({ ...record, description: undefined }),
    () => ({ ...record, location: null }),
    () => ({ ...record, location: { city: 'N/A', country: 'unknown', lat: 999, lon: '' } }),
    () => ({ ...record, salary: { min: 0, max: -1, period: 'fortnight', currency: '??' } }),
    () => ({ ...record, salary: 'competitive' }),
    () => ({ ...record, posted_at: 'yesterday' }),
    () => ({ ...record, employment_type: 7, remote: 'maybe', skills: [1, ' ', 'SQL'] }),
    () => ({ ...record, status: 'test' }),
  ])()
}
