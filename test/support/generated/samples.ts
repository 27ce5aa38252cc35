import { sampleEvents, type SampleEvents } from '../../../samples/events.ts'
import { sampleListing } from '../../../samples/listings.ts'
import { seededRandom } from '../../../samples/random.ts'

const DAY = '2024-05-06'
/** Least characters of a description: records are then 2.2 KB on average, more than in the committed samples. */
const DESCRIPTION_LENGTH = 1450
const LISTINGS = Array.from({ length: 240 }, (_, index) => sampleListing(seededRandom(index), DAY, index))
/** Impressions per click, enough for a click on nearly each page. */
const IMPRESSIONS_A_CLICK = 100

/**
 * Makes record `number` of a day of each deployed dataset, as the samples' generator does; it depends on its number
 * alone.
 */
export const SAMPLE_SHAPES = {
  jobs: (number: number) => sampleListing(seededRandom(number), DAY, number, DESCRIPTION_LENGTH).record,
  impressions: (number: number) => events(number, 1).impressions[0]!,
  clicks: (number: number) => {
    let { clicks } = events(number, IMPRESSIONS_A_CLICK)
    for (let next = number + 1; clicks.length === 0; next++) ({ clicks } = events(next, IMPRESSIONS_A_CLICK))
    return clicks[0]!
  },
} as const

function events(number: number, count: number): SampleEvents {
  return sampleEvents(seededRandom(number), DAY, LISTINGS, count)
}
