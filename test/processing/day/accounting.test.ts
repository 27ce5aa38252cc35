import { expect, test } from 'vitest'
import { cases } from '../../support/cases.ts'
import { runDay } from '../../support/processing/day.ts'
import { generateObjects, type GeneratedObject } from '../../support/processing/generated-objects.ts'
import { useProgram } from '../../support/processing/program.ts'
import { readWithHyparquet } from '../../support/processing/read-parquet.ts'
import type { Input } from '../../../core/manifest.ts'

const program = useProgram()
/** Objects of all kinds. */
const COUNT = cases(2000, 10_000)

test.each([
  ['whole', 4_000_000, 1],
  ['in pieces', 300, 2],
])(
  'objects that are read %s: every record and every byte is a row, dropped, rejected or told as unread',
  async (_, shardBytes, seed) => {
    const objects = generateObjects(COUNT / 2, seed)
    const contents = Object.fromEntries(objects.map(({ name, bytes }) => [name, bytes]))
    const day = await runDay(program.workerUrl, 'listings', contents, {
      shardBytes,
      unreadable: 'skip',
      workers: 2,
    })
    const rows = grouped(await readWithHyparquet(day.parquet), ({ id }) => String(id).split('-', 1)[0]!)
    const inputs = new Map(day.inputs.map((input) => [input.key, input]))
    const rejects = grouped(day.rejected, ({ source }) => source)
    const problems = objects.flatMap((object, index) => {
      const input = inputs.get(object.name)!
      const found = {
        ids: (rows.get(String(index)) ?? []).map(({ id }) => String(id)),
        rejects: rejects.get(object.name)?.length ?? 0,
      }
      return problemsOf(object, input, found).map(
        (problem) => `${object.name}: ${problem}: ${shown(object, input)}`,
      )
    })
    expect(problems.slice(0, 5)).toEqual([])
  },
)

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

const shown = ({ bytes, holds, state }: GeneratedObject, input: Input) =>
  `${state} ${JSON.stringify(holds)} ${JSON.stringify(input)} ${bytes.toString('latin1').slice(0, 400)}`

function problemsOf(
  { bytes, holds, state }: GeneratedObject,
  input: Input,
  found: { readonly ids: readonly string[]; readonly rejects: number },
): string[] {
  const { records, kept, dropped, rejected, unread } = input
  const { read, decoded, ...others } = input.bytes!
  const expectations: Record<string, boolean> = {
    'records add up': records === kept + dropped + rejected && rejected === found.rejects,
    'decoded bytes add up': decoded === read + others.rejected,
    'stored bytes add up': others.compression !== undefined || decoded + others.unread === bytes.length,
  }
  if (state === 'not JSON Lines') {
    expectations['is told as unread'] =
      unread !== undefined && records === 0 && others.unread === bytes.length
  } else if (state === 'broken' && unread !== undefined) {
    expectations['no row is there twice'] = new Set(found.ids).size >= found.ids.length / 2
  } else {
    expectations['rows'] = found.ids.join() === holds.rows.join()
    expectations['kept, dropped, rejected'] =
      kept === holds.kept && dropped === holds.dropped && rejected === holds.rejected
    expectations['bytes'] = decoded === holds.bytes && others.rejected === holds.rejectedBytes
    expectations['is read to its end'] = unread === undefined
  }
  return Object.keys(expectations).filter((name) => !expectations[name])
}
