import { boolean, defineDataset, float64, int32, list, string, timestamp } from '../dataset.ts'
import { countryCode } from '../fields/countries.ts'
import { countCodePoints, countWords, htmlText } from '../fields/html.ts'
import { instant } from '../fields/instants.ts'
import { language } from '../fields/languages.ts'
import { numberWithin } from '../fields/numbers.ts'
import { yearlySalary } from '../fields/salary.ts'
import { requiredId, tags, text } from '../fields/text.ts'

/** A job listing as the feeds deliver it. Feeds are many and careless: any field may be missing or of another type. */
interface JobListing {
  readonly id?: unknown
  readonly title?: unknown
  readonly company?: unknown
  /** HTML. */
  readonly description?: unknown
  readonly location?: {
    readonly city?: unknown
    readonly country?: unknown
    readonly lat?: unknown
    readonly lon?: unknown
  } | null
  readonly salary?: unknown
  readonly skills?: unknown
  readonly employment_type?: unknown
  readonly remote?: unknown
  readonly posted_at?: unknown
  /** `test` marks what a feed's owner tries out. */
  readonly status?: unknown
}

/** Job listings: what they say about themselves, cleaned. */
export default defineDataset({
  name: 'jobs',
  columns: {
    job_id: string(),
    title: string().nullable(),
    company: string().nullable(),
    description: string().nullable(),
    description_chars: int32(),
    description_words: int32(),
    language: string().nullable(),
    city: string().nullable(),
    country: string().nullable(),
    latitude: float64().nullable(),
    longitude: float64().nullable(),
    salary_min: float64().nullable(),
    salary_max: float64().nullable(),
    salary_currency: string().nullable(),
    skills: list(string()),
    employment_type: string().nullable(),
    remote: boolean().nullable(),
    posted_at: timestamp().nullable(),
  },
  extract(listing: JobListing) {
    if (listing.status === 'test') return null
    const html = text(listing.description)
    const description = html === null ? '' : htmlText(html)
    const country = countryCode(listing.location?.country)
    const salary = yearlySalary(listing.salary, country)
    const latitude = numberWithin(listing.location?.lat, -90, 90)
    const longitude = numberWithin(listing.location?.lon, -180, 180)
    return {
      job_id: requiredId(listing.id, 'id'),
      title: text(listing.title)?.toLowerCase() ?? null,
      company: companyName(listing.company),
      description: description === '' ? null : description,
      description_chars: countCodePoints(description),
      description_words: countWords(description),
      language: language(description),
      city: text(listing.location?.city),
      country,
      // Half a position is none.
      latitude: longitude === null ? null : latitude,
      longitude: latitude === null ? null : longitude,
      salary_min: salary.min,
      salary_max: salary.max,
      salary_currency: salary.currency,
      skills: tags(listing.skills),
      employment_type: employmentType(listing.employment_type),
      remote: flag(listing.remote),
      posted_at: instant(listing.posted_at, ['milliseconds', 'seconds']),
    }
  },
})

function companyName(value: unknown): string | null {
  return text(typeof value === 'object' && value !== null && 'name' in value ? value.name : value)
}

/** `Full Time`, `FULL_TIME` and `full-time` are one. */
function employmentType(value: unknown): string | null {
  return (
    text(value)
      ?.toLowerCase()
      .replace(/[\s_-]+/g, '-') ?? null
  )
}

function flag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const word = text(value)?.toLowerCase()
  if (word === 'yes' || word === 'true') return true
  if (word === 'no' || word === 'false') return false
  return null
}
