import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { sampleEvents } from './events.ts'
import { sampleListing } from './listings.ts'
import { seededRandom, type Random } from './random.ts'

/** Days that the samples cover. */
export const SAMPLE_DAYS = ['2024-05-06', '2024-05-07', '2024-05-08'] as const

const SEED = 20240506
const LISTINGS_A_DAY = 240
const IMPRESSIONS_A_DAY = 900

/** A raw file: its path below `samples/raw/` and its content. Paths that end in `.gz` are to be compressed. */
export interface SampleFile {
  readonly path: string
  readonly content: Buffer
}

/** Generates all raw files of the samples: the same from the same seed, on any machine. */
export function generateSamples(seed: number = SEED): SampleFile[] {
  const random = seededRandom(seed)
  return SAMPLE_DAYS.flatMap((day) => {
    const listings = Array.from({ length: LISTINGS_A_DAY }, (_, index) => sampleListing(random, day, index))
    const events = sampleEvents(random, day, listings, IMPRESSIONS_A_DAY)
    const lines = (records: readonly unknown[]) =>
      records.map((record) => Buffer.from(JSON.stringify(record)))
    return [
      ...files(
        'jobs',
        day,
        withBadLines(random, lines(listings.map(({ record }) => record)), BAD_LISTINGS),
        4,
      ),
      ...files('impressions', day, withBadLines(random, lines(events.impressions), BAD_IMPRESSIONS), 3),
      ...files('clicks', day, withBadLines(random, lines(events.clicks), BAD_CLICKS), 2),
    ]
  })
}

/** Lines that are rejected, each for another reason: few enough for a day to stay below its limit. */
const BAD_LISTINGS = [
  Buffer.from('{"id": "broken-off", "title": "Night por'),
  Buffer.from('{"title": "A listing without an id", "company": "Oak & Anchor"}'),
]
const BAD_IMPRESSIONS = [
  Buffer.from('"heartbeat"'),
  Buffer.from(
    '{"impression_id": "i-bad-position", "job_id": "x", "position": "first", "shown_at": "2024-05-06T10:00:00Z"}',
  ),
  Buffer.from(
    '{"impression_id": "i-bad-features", "job_id": "x", "position": 1, "shown_at": 1714990000, "features": ["high"]}',
  ),
  // A query in Latin-1, which is not UTF-8.
  Buffer.concat([
    Buffer.from(
      '{"impression_id": "i-latin-1", "job_id": "x", "position": 1, "shown_at": 1714990000, "query": "caf',
    ),
    Buffer.from([0xe9]),
    Buffer.from('"}'),
  ]),
]
const BAD_CLICKS = [Buffer.from('{"click_id": "c-bad-time", "impression_id": "i-x", "clicked_at": "soon"}')]

function withBadLines(random: Random, lines: Buffer[], bad: readonly Buffer[]): Buffer[] {
  for (const line of bad) lines.splice(random.between(0, lines.length), 0, line)
  return lines
}

/**
 * Splits lines into files. Every second file is compressed, one has Windows line ends, one a blank line and no newline
 * at its end.
 */
function files(dataset: string, day: string, lines: readonly Buffer[], count: number): SampleFile[] {
  const length = Math.ceil(lines.length / count)
  return Array.from({ length: count }, (_, index) => {
    const ending = index % 2 === 1 ? '.jsonl.gz' : '.jsonl'
    const name = `${dataset}-${day.replaceAll('-', '')}-${String(index + 1).padStart(3, '0')}${ending}`
    const separator = Buffer.from(index === 2 ? '\r\n' : '\n')
    const chosen = lines.slice(index * length, (index + 1) * length).flatMap((line) => [line, separator])
    const content = Buffer.concat(
      index === 0 ? [...chosen.slice(0, 2), separator, ...chosen.slice(2, -1)] : chosen,
    )
    return { path: `${dataset}/${day.replaceAll('-', '/')}/${name}`, content }
  })
}

/** Writes the samples below `directory`, in place of its former content. */
export function writeSamples(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
  for (const { path, content } of generateSamples()) {
    const file = join(directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, path.endsWith('.gz') ? gzipSync(content, { level: 9 }) : content)
  }
}

// npx tsx samples/generate.ts
if (process.argv[1] === fileURLToPath(import.meta.url))
  writeSamples(fileURLToPath(new URL('./raw', import.meta.url)))
