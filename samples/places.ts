/** A city as listings name it. */
export interface Place {
  readonly city: string
  readonly latitude: number
  readonly longitude: number
}

/** A country with jobs: its names in feeds, the languages of its listings, and its salaries. */
export interface Country {
  readonly code: string
  /** Spellings in feeds, the ISO code first. */
  readonly spellings: readonly string[]
  readonly languages: readonly string[]
  readonly currency: string
  readonly sign: string
  /** Lowest and highest pay for a year of work, in the country's currency. */
  readonly yearly: readonly [low: number, high: number]
  /** Period for which salaries are usually stated. */
  readonly period: 'year' | 'month' | 'hour'
  readonly places: readonly Place[]
}

const place = (city: string, latitude: number, longitude: number): Place => ({ city, latitude, longitude })

/** Countries that sample listings come from. */
export const COUNTRIES: readonly Country[] = [
  {
    code: 'US',
    spellings: ['US', 'USA', 'United States'],
    languages: ['en', 'en', 'en', 'es'],
    currency: 'USD',
    sign: '$',
    yearly: [38_000, 165_000],
    period: 'year',
    places: [
      place('Austin', 30.2672, -97.7431),
      place('Chicago', 41.8781, -87.6298),
      place('Tampa', 27.9506, -82.4572),
    ],
  },
  {
    code: 'CA',
    spellings: ['CA', 'Canada'],
    languages: ['en', 'fr'],
    currency: 'CAD',
    sign: '$',
    yearly: [42_000, 130_000],
    period: 'hour',
    places: [place('Montréal', 45.5019, -73.5674), place('Toronto', 43.6532, -79.3832)],
  },
  {
    code: 'GB',
    spellings: ['GB', 'UK', 'United Kingdom'],
    languages: ['en'],
    currency: 'GBP',
    sign: '£',
    yearly: [23_000, 92_000],
    period: 'year',
    places: [
      place('Manchester', 53.4808, -2.2426),
      place('London', 51.5072, -0.1276),
      place('Leeds', 53.8008, -1.5491),
    ],
  },
  {
    code: 'DE',
    spellings: ['DE', 'Deutschland', 'Germany'],
    languages: ['de', 'de', 'de', 'en'],
    currency: 'EUR',
    sign: '€',
    yearly: [31_000, 96_000],
    period: 'month',
    places: [
      place('München', 48.1351, 11.582),
      place('Berlin', 52.52, 13.405),
      place('Köln', 50.9375, 6.9603),
    ],
  },
  {
    code: 'FR',
    spellings: ['FR', 'France'],
    languages: ['fr'],
    currency: 'EUR',
    sign: '€',
    yearly: [24_000, 78_000],
    period: 'year',
    places: [
      place('Lyon', 45.764, 4.8357),
      place('Nantes', 47.2184, -1.5536),
      place('Paris', 48.8566, 2.3522),
    ],
  },
  {
    code: 'ES',
    spellings: ['ES', 'España', 'Spain'],
    languages: ['es'],
    currency: 'EUR',
    sign: '€',
    yearly: [18_000, 58_000],
    period: 'year',
    places: [place('Valencia', 39.4699, -0.3763), place('Madrid', 40.4168, -3.7038)],
  },
  {
    code: 'BR',
    spellings: ['BR', 'Brasil'],
    languages: ['pt'],
    currency: 'BRL',
    sign: 'R$',
    yearly: [24_000, 190_000],
    period: 'month',
    places: [place('São Paulo', -23.5558, -46.6396), place('Curitiba', -25.4284, -49.2733)],
  },
  {
    code: 'NL',
    spellings: ['NL', 'Nederland'],
    languages: ['nl', 'nl', 'en'],
    currency: 'EUR',
    sign: '€',
    yearly: [30_000, 84_000],
    period: 'month',
    places: [place('Utrecht', 52.0907, 5.1214), place("'s-Hertogenbosch", 51.6978, 5.3037)],
  },
  {
    code: 'PL',
    spellings: ['PL', 'Polska'],
    languages: ['pl'],
    currency: 'PLN',
    sign: 'zł',
    yearly: [58_000, 260_000],
    period: 'month',
    places: [place('Łódź', 51.7592, 19.456), place('Kraków', 50.0647, 19.945)],
  },
  {
    code: 'JP',
    spellings: ['JP', '日本', 'Japan'],
    languages: ['ja'],
    currency: 'JPY',
    sign: '¥',
    yearly: [3_200_000, 9_800_000],
    period: 'year',
    places: [place('大阪市', 34.6937, 135.5023), place('東京都', 35.6762, 139.6503)],
  },
]
