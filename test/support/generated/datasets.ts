import {
  boolean,
  defineDataset,
  float32,
  float64,
  int32,
  int64,
  list,
  string,
  timestamp,
} from '../../../processing/dataset.ts'
import { countCodePoints, countWords } from '../../../processing/fields/html.ts'
import type { RawEvent } from './events.ts'
import type { RawListing } from './listings.ts'

/** Returns the text between tags. */
function withoutTags(html: string): string {
  let text = ''
  let start = 0
  for (;;) {
    const open = html.indexOf('<', start)
    const close = open < 0 ? -1 : html.indexOf('>', open)
    if (close < 0) return text + html.slice(start)
    text += html.slice(start, open)
    start = close + 1
  }
}

const listings = defineDataset({
  name: 'listings',
  columns: {
    id: string(),
    title: string(),
    company: string(),
    description: string(),
    characters: int32(),
    words: int32(),
    city: string(),
    country: string(),
    latitude: float64(),
    longitude: float64(),
    salary_min: float64().nullable(),
    salary_max: float64().nullable(),
    posted_at: timestamp(),
    employment_type: string(),
    remote: boolean(),
  },
  extract(record: RawListing) {
    const description = withoutTags(record.description)
    return {
      id: record.id,
      title: record.title.toLowerCase(),
      company: record.company.name,
      description,
      characters: countCodePoints(description),
      words: Math.max(0, countWords(description) - 1),
      city: record.location.city,
      country: record.location.country,
      latitude: record.location.lat,
      longitude: record.location.lon,
      salary_min: record.salary?.min ?? null,
      salary_max: record.salary?.max ?? null,
      posted_at: new Date(record.posted_at),
      employment_type: record.employment_type,
      remote: record.remote,
    }
  },
})

const events = defineDataset({
  name: 'events',
  columns: {
    id: int64(),
    user: string(),
    at: timestamp(),
    position: int32(),
    price: float64().nullable(),
    score: float32(),
    clicked: boolean(),
    features: list(float32()),
    items: list(int64()),
    device: string(),
    area: int32(),
  },
  extract(record: RawEvent) {
    const { id, user, position, price, score, clicked, features, items, device } = record
    return {
      id,
      user,
      at: new Date(record.at),
      position,
      price,
      score,
      clicked,
      features,
      items,
      device,
      area: record.width * record.height,
    }
  },
})

export const datasets = [listings, events]
