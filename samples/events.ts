import type { SampleListing } from './listings.ts'
import { COUNTRIES, type Country } from './places.ts'
import type { Random } from './random.ts'

/** The events of a day, in the order of their times. */
export interface SampleEvents {
  readonly impressions: readonly Readonly<Record<string, unknown>>[]
  readonly clicks: readonly Readonly<Record<string, unknown>>[]
}

const SLOTS = 10
const DEVICES = ['mobile', 'mobile', 'Desktop', 'desktop', 'tablet']
const QUERIES = [
  'nurse',
  'Pflege',
  'développeur',
  'remote',
  'almacén',
  'fahrer',
  'エンジニア',
  'estágio',
  'python',
  '',
]

/**
 * Makes the events of visitors who see pages of listings and click some: more often high up, and in a language that
 * they read.
 */
export function sampleEvents(
  random: Random,
  day: string,
  listings: readonly SampleListing[],
  count: number,
): SampleEvents {
  const impressions: Record<string, unknown>[] = []
  const clicks: Record<string, unknown>[] = []
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const pages = Math.ceil(count / SLOTS)
  for (let page = 0; page < pages; page++) {
    const at = midnight + Math.floor(((page + random.next()) * 86_000_000) / pages)
    const visitor = {
      country: random.pick(COUNTRIES),
      user: random.chance(0.1) ? null : `u-${random.hex(8)}`,
    }
    const shown = random.some(listings, SLOTS)
    const common = { query: random.pick(QUERIES), device: random.pick(DEVICES), isBot: random.chance(0.02) }
    for (const [slot, listing] of shown.entries()) {
      const impression = impressionOf(random, { day, at, slot, listing, visitor, ...common })
      impressions.push(impression)
      if (!common.isBot && random.chance(clickChance(listing, visitor.country, slot))) {
        clicks.push(clickOf(random, String(impression['impression_id']), at))
      }
    }
  }
  return {
    impressions,
    clicks: clicks.sort((a, b) => String(a['clicked_at']).localeCompare(String(b['clicked_at']), 'en')),
  }
}

interface Shown {
  readonly day: string
  readonly at: number
  readonly slot: number
  readonly listing: SampleListing
  readonly visitor: { readonly country: Country; readonly user: string | null }
  readonly query: string
  readonly device: string
  readonly isBot: boolean
}

function impressionOf(
  random: Random,
  { day, at, slot, listing, visitor, query, device, isBot }: Shown,
): Record<string, unknown> {
  const match = reads(visitor.country, listing) ? 1 : 0
  return {
    impression_id: `i-${day.replaceAll('-', '')}-${random.hex(8)}`,
    user_id: visitor.user,
    job_id: listing.id,
    position: slot + 1,
    shown_at: new Date(at + slot).toISOString(),
    query,
    device,
    country: random.pick(visitor.country.spellings),
    features: [random.next(), match, listing.country === visitor.country.code ? 1 : 0].map(
      (value) => Math.round(value * 1e4) / 1e4,
    ),
    ...(isBot && { bot: true }),
  }
}

function clickChance(listing: SampleListing, country: Country, slot: number): number {
  const interest = listing.country === country.code ? 0.85 : reads(country, listing) ? 0.55 : 0.25
  return interest / (1 + slot * 0.25)
}

function reads(country: Country, listing: SampleListing): boolean {
  return country.languages.includes(listing.language)
}

function clickOf(random: Random, impressionId: string, shownAt: number): Record<string, unknown> {
  const dwell = random.between(1, 600)
  return {
    click_id: `c-${random.hex(10)}`,
    impression_id: impressionId,
    clicked_at: new Date(shownAt + random.between(800, 90_000)).toISOString(),
    dwell_seconds: random.pick<unknown>([dwell, dwell, String(dwell), null, -1]),
    ...(random.chance(0.2) && { applied: true }),
  }
}
