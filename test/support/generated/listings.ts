import { random } from './random.ts'

const SYLLABLES = [
  'ba',
  'ter',
  'mo',
  'li',
  'san',
  'ke',
  'ro',
  'du',
  'fen',
  'gra',
  'pi',
  'sto',
  'vel',
  'nu',
  'ash',
  'or',
]
const ACCENTED = ['é', 'ü', 'ção', 'ñ', 'ł', '東京', '🚀']
const TAGS = ['p', 'li', 'b', 'div class="row"', 'br/', 'ul']
const CITIES = [
  'Berlin DE',
  'Paris FR',
  'London GB',
  'Austin US',
  'Toronto CA',
  'Madrid ES',
  'Osaka JP',
  'Lyon FR',
]
const TYPES = ['FULL_TIME', 'PART_TIME', 'CONTRACT', 'INTERNSHIP']
/** Characters of a description, tags included: a record is then about 2.2 KB. */
const DESCRIPTION_LENGTH = 1850

/** A job listing as it is in the raw files. */
export interface RawListing {
  readonly id: string
  readonly title: string
  readonly company: { readonly name: string }
  readonly description: string
  readonly location: {
    readonly city: string
    readonly country: string
    readonly lat: number
    readonly lon: number
  }
  readonly salary: { readonly min: number; readonly max: number; readonly currency: string } | null
  readonly posted_at: string
  readonly employment_type: string
  readonly remote: boolean
}

const VOCABULARY = vocabulary()

/** Makes words of two to four syllables. Few of them are not ASCII, so that one record in ten is not. */
function vocabulary(): string[] {
  const pick = random(7)
  return Array.from({ length: 30_000 }, (_, index) => {
    let word = ''
    for (let syllables = 2 + pick(3); syllables > 0; syllables--) word += SYLLABLES[pick(SYLLABLES.length)]
    return index % 2500 === 0 ? `${word}${ACCENTED[(index / 2500) % ACCENTED.length]}` : word
  })
}

/** Words in random order, some megabytes; descriptions are made of pieces of it. */
const POOL = pool()

function pool(): { readonly text: string; readonly starts: readonly number[] } {
  const pick = random(11)
  const starts: number[] = []
  const words: string[] = []
  let length = 0
  for (let count = 0; count < 500_000; count++) {
    const word = VOCABULARY[pick(VOCABULARY.length)]!
    starts.push(length)
    words.push(word)
    length += word.length + 1
  }
  return { text: `${words.join(' ')} `, starts }
}

/** Makes listing `number` of a day, which depends on its number alone. */
export function listing(number: number): RawListing {
  const pick = random(number * 2654435761 + 1)
  const [city, country] = CITIES[pick(CITIES.length)]!.split(' ') as [string, string]
  const min = 20_000 + pick(80_000)
  return {
    id: `${number.toString(36).padStart(8, '0')}-${pick(2 ** 31).toString(36)}`,
    title: `Senior ${VOCABULARY[pick(VOCABULARY.length)]} ${VOCABULARY[pick(VOCABULARY.length)]} (m/f/d)`,
    company: { name: `${VOCABULARY[pick(VOCABULARY.length)]} GmbH` },
    description: description(pick),
    location: { city, country, lat: (pick(180_000) - 90_000) / 1000, lon: (pick(360_000) - 180_000) / 1000 },
    salary: pick(5) === 0 ? null : { min, max: min + pick(40_000), currency: 'EUR' },
    posted_at: new Date(1_704_067_200_000 + pick(86_400) * 1000).toISOString(),
    employment_type: TYPES[pick(TYPES.length)]!,
    remote: pick(3) === 0,
  }
}

function description(pick: (below: number) => number): string {
  let text = ''
  while (text.length < DESCRIPTION_LENGTH) {
    const tag = TAGS[pick(TAGS.length)]!
    text += `<${tag}>`
    const words = 8 + pick(20)
    const first = pick(POOL.starts.length - words)
    text += POOL.text.slice(POOL.starts[first], POOL.starts[first + words])
    text += `</${tag.split(' ')[0]}>`
  }
  return text
}
