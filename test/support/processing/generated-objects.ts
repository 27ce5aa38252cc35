import { gzipSync } from 'node:zlib'
import fc from 'fast-check'

/** A raw object that was made of known records. */
export interface GeneratedObject {
  readonly name: string
  readonly bytes: Buffer
  readonly holds: Holds
  /** How much of it can be read: an object that breaks off, or is no text, may lose records, but has to report it. */
  readonly state: 'whole' | 'broken' | 'not JSON Lines'
}

/** Contents of an object's text. */
export interface Holds {
  readonly rows: readonly string[]
  readonly kept: number
  readonly dropped: number
  readonly rejected: number
  /** Decoded bytes, and those of records that are rejected. */
  readonly bytes: number
  readonly rejectedBytes: number
}

/** A record, or a line that is none. */
interface Item {
  readonly text: Buffer
  /** Ids of its rows; null if it is rejected. */
  readonly rows: readonly string[] | null
}

type Line = readonly Item[]

/**
 * Makes the objects of a day, by name: cut, glued, compressed, renamed, truncated and interleaved from known records.
 */
export function generateObjects(count: number, seed: number): GeneratedObject[] {
  return fc.sample(object, { numRuns: count, seed }).map((make, index) => make(index))
}

const TITLES = ['null', '"plain"', '"}{"', '"\\"}{\\\\"', '"é🙂 {"', '"\\ud83d\\ude42"', '"[1,2],\\n{"']

type MakeItem = (id: string) => Item

const row = (text: string, rows: readonly string[] | null): Item => ({ text: Buffer.from(text), rows })

const record: fc.Arbitrary<MakeItem> = fc
  .record({
    title: fc.constantFrom(...TITLES),
    n: fc.constantFrom('1', '1', '3', '2', '13', '666', '"x"', '9007199254740993'),
    space: fc.constantFrom('', ' '),
    more: fc.constantFrom('', ',"nested":{"a":[{}],"b":{}}'),
  })
  .map(({ title, n, space, more }) => (id) => {
    const text = `{${space}"id":${space}"${id}","title":${title},"n":${n}${more}${space}}`
    if (n === '13') return row(text, [])
    if (n === '2') return row(text, [id, id])
    return row(text, n === '1' || n === '3' ? [id] : null)
  })

const GARBAGE = [
  'nonsense',
  '{"id":',
  '[1]',
  'null',
  '{"id":"a","n":1,}',
  '}{',
  '{"a":1},{"b":2}',
  '\xff{"n":1}',
]
const garbage: fc.Arbitrary<MakeItem> = fc
  .constantFrom(...GARBAGE)
  .map((text) => () => ({ text: Buffer.from(text, 'latin1'), rows: null }))

const line: fc.Arbitrary<readonly MakeItem[]> = fc.oneof(
  { weight: 6, arbitrary: record.map((item) => [item]) },
  { weight: 3, arbitrary: fc.array(record, { minLength: 2, maxLength: 4 }) },
  { weight: 1, arbitrary: garbage.map((item) => [item]) },
)

interface Stored {
  readonly bytes: Buffer
  readonly state: GeneratedObject['state']
  /** Bytes of the text that are left. @default all */
  readonly kept?: number
}

type Storage =
  | 'plain'
  | 'truncated'
  | 'gzip'
  | 'members'
  | 'padded'
  | 'cut gzip'
  | 'flipped gzip'
  | 'junk'
  | 'UTF-16'
  | 'bzip2'

const share = (bytes: Buffer, cut: number, least = 0) => least + Math.floor(cut * (bytes.length - least))
const startOfText = (text: Buffer) => (text[0] === 0xef ? 3 : 0)

/** Ways of storing a text. */
const STORAGES: Readonly<Record<Storage, (text: Buffer, cut: number) => Stored>> = {
  plain: (bytes) => ({ bytes, state: 'whole' }),
  truncated: (text, cut) => {
    const kept = share(text, cut, startOfText(text))
    return { bytes: text.subarray(0, kept), state: 'whole', kept }
  },
  gzip: (text) => ({ bytes: gzipSync(text), state: 'whole' }),
  members: (text, cut) => {
    const half = share(text, cut)
    return {
      bytes: Buffer.concat([gzipSync(text.subarray(0, half)), gzipSync(text.subarray(half))]),
      state: 'whole',
    }
  },
  padded: (text) => ({ bytes: Buffer.concat([gzipSync(text), Buffer.alloc(100)]), state: 'whole' }),
  'cut gzip': (text, cut) => {
    const bytes = gzipSync(text)
    return { bytes: bytes.subarray(0, Math.min(bytes.length - 1, share(bytes, cut, 3))), state: 'broken' }
  },
  'flipped gzip': (text, cut) => {
    const bytes = gzipSync(text)
    // After the header, some of whose bytes mean nothing.
    const at = Math.min(bytes.length - 1, share(bytes, cut, 10))
    bytes[at] = bytes[at]! ^ 0x55
    return { bytes, state: 'broken' }
  },
  junk: (text) => ({ bytes: Buffer.concat([gzipSync(text), Buffer.from('junk')]), state: 'broken' }),
  'UTF-16': (text) => ({ bytes: Buffer.from(text.toString(), 'utf16le'), state: 'not JSON Lines' }),
  bzip2: (text) => ({ bytes: Buffer.concat([Buffer.from('BZh9'), text]), state: 'not JSON Lines' }),
}

const NAMES = [
  'a.jsonl',
  'a.json',
  'a.ndjson',
  'a.JSONL',
  'a',
  'a.gz',
  'a.jsonl.gz',
  'a.zst',
  'a.csv',
  'a b+c=é.txt',
]

const object = fc
  .record({
    name: fc.constantFrom(...NAMES),
    first: record,
    lines: fc.array(line, { maxLength: 6 }),
    at: fc.nat(),
    newline: fc.constantFrom('\n', '\n', '\r\n', '\r'),
    glue: fc.constantFrom('', ' ', ' \t'),
    mark: fc.constantFrom('', '', '\ufeff'),
    blank: fc.constantFrom('', '', ' '),
    isEnded: fc.boolean(),
    storage: fc.constantFrom<Storage>(...(Object.keys(STORAGES) as Storage[])),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map((parts) => (index: number): GeneratedObject => {
    const { first, lines, at, storage, cut, newline } = parts
    const position = at % (lines.length + 1)
    // At least one line is a record, which tells what the others should be.
    const all = [...lines.slice(0, position), [first], ...lines.slice(position)]
    let id = 0
    const made = all.map((items) => items.map((item) => item(`${index}-${id++}`)))
    const text = textOf(made, parts)
    const { bytes, state, kept = text.bytes.length } = STORAGES[storage](text.bytes, cut)
    const holds = holdsOf(text.lines, kept, text.bytes.length)
    const isText = state === 'whole' && (kept === text.bytes.length || holds.kept + holds.dropped > 0)
    const name = `${String(index).padStart(6, '0')}/${parts.name}${newline === '\r' ? '.cr' : ''}`
    return { name, bytes, holds, state: state === 'whole' && !isText ? 'broken' : state }
  })

/** An item, and its place in the text. */
interface PlacedItem extends Item {
  readonly start: number
}

function textOf(
  lines: readonly Line[],
  {
    newline,
    glue,
    mark,
    blank,
    isEnded,
  }: Record<'newline' | 'glue' | 'mark' | 'blank', string> & { isEnded: boolean },
): { bytes: Buffer; lines: readonly (readonly PlacedItem[])[] } {
  const pieces: Buffer[] = [Buffer.from(mark)]
  let length = pieces[0]!.length
  const put = (piece: Buffer) => {
    pieces.push(piece)
    length += piece.length
  }
  const placed = lines.map((items, index) => {
    if (index > 0) put(Buffer.from(newline + (blank && `${blank}${newline}`)))
    return items.map((item, place) => {
      if (place > 0) put(Buffer.from(glue))
      const start = length
      put(item.text)
      return { ...item, start }
    })
  })
  if (isEnded) put(Buffer.from(newline))
  return { bytes: Buffer.concat(pieces), lines: placed }
}

/** Returns the contents of lines in the first `kept` bytes of their text. */
function holdsOf(lines: readonly (readonly PlacedItem[])[], kept: number, all: number): Holds {
  const rows: string[] = []
  const counts = { kept: 0, dropped: 0, rejected: 0, rejectedBytes: 0 }
  for (const { text, rows: own, start } of lines.flat()) {
    const there = Math.min(text.length, kept - start)
    if (there <= 0) continue
    if (there < text.length || own === null) {
      counts.rejected++
      counts.rejectedBytes += there
    } else if (own.length === 0) counts.dropped++
    else {
      counts.kept++
      rows.push(...own)
    }
  }
  return { rows, ...counts, bytes: Math.min(kept, all) }
}
