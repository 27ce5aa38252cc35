import { boolean, defineDataset, float64, int32, int64, list, string, timestamp } from '../dataset.ts'
import { countryCode } from '../fields/countries.ts'
import { hash64 } from '../fields/hashes.ts'
import { countCodePoints, countWords, htmlText } from '../fields/html.ts'
import { instant } from '../fields/instants.ts'
import { language } from '../fields/languages.ts'
import { nearDuplicateKey } from '../fields/near-duplicates.ts'
import { numberWithin } from '../fields/numbers.ts'
import { remote } from '../fields/remote.ts'
import { yearlySalary } from '../fields/salary.ts'
import { seniority } from '../fields/seniority.ts'
import { requiredId, tags, text } from '../fields/text.ts'
import { tokens } from '../fields/tokens.ts'

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
  /** `test` marks a listing that the feed's owner only tries out. */
  readonly status?: unknown
}

/** Dataset of job listings: cleaned features that the listings themselves state. Test listings are dropped. */
export default defineDataset({
  name: 'jobs',
  columns: {
    /** The feed's id, as text. */
    job_id: string(),
    /** In lower case. */
    title: string().nullable(),
    /** The title's words, in lower case and in order. */
    title_tokens: list(string()),
    /**
     * `intern`, `junior`, `senior`, `lead` or `director`, from the title or else from the beginning of the description.
     */
    seniority: string().nullable(),
    /** As the feed spells it. */
    company: string().nullable(),
    /** 64-bit hash of the company, whatever its case: the row of an embedding table. */
    company_id: int64().nullable(),
    /** Text without tags: entities decoded, white space collapsed. */
    description: string().nullable(),
    /** Number of Unicode characters in the description. */
    description_chars: int32(),
    /** Number of words in the description, separated by spaces. */
    description_words: int32(),
    /** 64-bit key; descriptions that are nearly the same differ in few of its bits. */
    description_key: int64().nullable(),
    /** ISO 639-1 code of the description's language; right for 99 in 100 texts of a sentence or more. */
    language: string().nullable(),
    /** As the feed spells it. */
    city: string().nullable(),
    /** ISO 3166 code of two letters. */
    country: string().nullable(),
    /** Degrees north; null if the longitude is null. */
    latitude: float64().nullable(),
    /** Degrees east; null if the latitude is null. */
    longitude: float64().nullable(),
    /** Least pay for a year of full-time work, above 0. */
    salary_min: float64().nullable(),
    /** Most pay for a year of full-time work, not below the least. */
    salary_max: float64().nullable(),
    /** ISO 4217 code; a `$` is the country's dollar if it has one. */
    salary_currency: string().nullable(),
    /** In lower case, without duplicates, in the feed's order. */
    skills: list(string()),
    /** In lower case, its words joined by hyphens. */
    employment_type: string().nullable(),
    /**
     * From the feed's flag, else from the title, else from the description, which has to offer remote work all of the
     * time.
     */
    remote: boolean().nullable(),
    /** UTC, to the millisecond. */
    posted_at: timestamp().nullable(),
  },
  extract(listing: JobListing) {
    if (listing.status === 'test') return null
    const html = text(listing.description)
    const description = html === null ? '' : htmlText(html)
    const title = text(listing.title)?.toLowerCase() ?? null
    const company = companyName(listing.company)
    const country = countryCode(listing.location?.country)
    const salary = yearlySalary(listing.salary, country)
    const latitude = numberWithin(listing.location?.lat, -90, 90)
    const longitude = numberWithin(listing.location?.lon, -180, 180)
    return {
      job_id: requiredId(listing.id, 'id'),
      title,
      title_tokens: tokens(title),
      seniority: seniority(title, description),
      company,
      company_id: hash64(company?.toLowerCase()),
      description: description === '' ? null : description,
      description_chars: countCodePoints(description),
      description_words: countWords(description),
      description_key: nearDuplicateKey(description),
      language: language(description),
      city: text(listing.location?.city),
      country,
      // A position needs both coordinates.
      latitude: longitude === null ? null : latitude,
      longitude: latitude === null ? null : longitude,
      salary_min: salary.min,
      salary_max: salary.max,
      salary_currency: salary.currency,
      skills: tags(listing.skills),
      employment_type: employmentType(listing.employment_type),
      remote: remote(listing.remote, title, description),
      posted_at: instant(listing.posted_at, ['milliseconds', 'seconds']),
    }
  },
})

function companyName(value: unknown): string | null {
  return text(typeof value === 'object' && value !== null && 'name' in value ? value.name : value)
}

/** Gives `Full Time`, `FULL_TIME` and `full-time` one spelling. */
function employmentType(value: unknown): string | null {
  return (
    text(value)
      ?.toLowerCase()
      .replace(/[\s_-]+/g, '-') ?? null
  )
}
