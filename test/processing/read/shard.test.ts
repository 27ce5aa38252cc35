import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  packCounts,
  packSegments,
  unpackCounts,
  unpackSegments,
  type Segment,
  type SegmentCounts,
} from '../../../processing/read/shard.ts'

const whole = fc.nat({ max: 2 ** 31 - 1 })
const segment: fc.Arbitrary<Segment> = fc.record({
  input: whole,
  start: whole,
  length: whole,
  whole: fc.boolean(),
  first: fc.boolean(),
})
const counts = fc.record({
  lines: whole,
  records: whole,
  kept: whole,
  dropped: whole,
  bytes: whole,
  rejectedBytes: whole,
  decoded: whole,
  rejects: fc.array(
    fc.record({ line: whole, reason: fc.constant('invalid-json' as const), message: fc.string() }),
    { maxLength: 3 },
  ),
  unread: fc.option(fc.record({ why: fc.string(), bytes: whole }), { nil: undefined }),
  compression: fc.constantFrom('gzip' as const, undefined),
})

test('segments arrive as they were sent', () => {
  fc.assert(
    fc.property(fc.array(segment), (segments) => {
      expect([...unpackSegments(structuredClone(packSegments(segments)))]).toEqual(segments)
    }),
  )
})

test('counts arrive as they were sent, each with its own rejects', () => {
  fc.assert(
    fc.property(fc.array(counts), (sent) => {
      expect([...unpackCounts(structuredClone(packCounts(sent as SegmentCounts[])))]).toEqual(sent)
    }),
  )
})
