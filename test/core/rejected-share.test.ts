import { expect, test } from 'vitest'
import type { Input, InputBytes } from '../../core/manifest.ts'
import { weighRejects, type RejectLimits } from '../../core/rejected-share.ts'

interface Counts {
  readonly kept: number
  readonly rejected: number
  readonly bytes?: Omit<InputBytes, 'decoded'>
  readonly unread?: string
}

const input = ({ bytes, ...counts }: Counts): Input => ({
  ...{ key: 'raw/a', etag: 'e', size: 1000, dropped: 0, records: counts.kept + counts.rejected },
  ...counts,
  ...(bytes && { bytes: { ...bytes, decoded: bytes.read + bytes.rejected } }),
})
const LIMITS: RejectLimits = { maxRejectedRatio: 0.1, rejectedFloor: 0, unreadable: 'fail' }
const FLOOR = { rejectedFloor: 2 }

test.each<[string, Counts, Partial<RejectLimits>, 'records' | 'bytes' | undefined]>([
  ['records at the ratio', { kept: 9, rejected: 1 }, {}, undefined],
  ['records above the ratio', { kept: 8, rejected: 1 }, {}, 'records'],
  [
    'bytes at the ratio',
    { kept: 99, rejected: 1, bytes: { read: 90, rejected: 10, unread: 0 } },
    {},
    undefined,
  ],
  [
    'bytes above the ratio',
    { kept: 99, rejected: 1, bytes: { read: 89, rejected: 11, unread: 0 } },
    {},
    'bytes',
  ],
  ['both above it', { kept: 1, rejected: 1, bytes: { read: 10, rejected: 10, unread: 0 } }, {}, 'records'],
  ['the floor', { kept: 2, rejected: 2, bytes: { read: 20, rejected: 20, unread: 0 } }, FLOOR, undefined],
  [
    'above the floor',
    { kept: 2, rejected: 3, bytes: { read: 20, rejected: 20, unread: 0 } },
    FLOOR,
    'records',
  ],
  ['the floor without a good record', { kept: 0, rejected: 1 }, FLOOR, 'records'],
  [
    'the floor in bytes',
    { kept: 2, rejected: 1, bytes: { read: 20, rejected: 80, unread: 0 } },
    FLOOR,
    undefined,
  ],
  [
    'above the floor in bytes',
    { kept: 2, rejected: 1, bytes: { read: 20, rejected: 81, unread: 0 } },
    FLOOR,
    'records',
  ],
  [
    'bytes that could not be decoded',
    { kept: 9, rejected: 0, bytes: { read: 10, rejected: 0, unread: 5 } },
    {},
    'bytes',
  ],
  [
    'bytes of an object whose end is known to be unreadable',
    { kept: 9, rejected: 0, bytes: { read: 10, rejected: 0, unread: 5 }, unread: 'it breaks off' },
    {},
    undefined,
  ],
  [
    'bytes that could not be decoded, where such objects are skipped',
    { kept: 9, rejected: 0, bytes: { read: 10, rejected: 0, unread: 5 } },
    { unreadable: 'skip' },
    undefined,
  ],
])('rejects as many as %s', (_, counts, limits, exceeded) => {
  expect(weighRejects([input(counts)], { ...LIMITS, ...limits }).exceeded).toBe(exceeded)
})

test('the share is that of all inputs, of which those without a count of bytes count as read', () => {
  const inputs = [
    input({ kept: 8, rejected: 2, bytes: { read: 80, rejected: 20, unread: 7 } }),
    input({ kept: 5, rejected: 0 }),
  ]
  expect(weighRejects(inputs, { ...LIMITS, maxRejectedRatio: 1 })).toEqual({
    records: 15,
    rejected: 2,
    bytes: { all: 1107, read: 1080, rejected: 27 },
    exceeded: undefined,
  })
})
