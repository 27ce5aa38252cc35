import type { Plant } from '../load-functions.ts'
import { STORIES, type Story } from './stories.ts'

/** A bug to plant, which the product does not have, and a story in which it is found. */
export interface Bug {
  readonly name: string
  readonly story: Story
  /** True if it is found sooner depth first than at random. @default false */
  readonly isDeep?: boolean
  /** Seed of a random order in which it is found soon. @default 5 */
  readonly seed?: number
  readonly plants: readonly Plant[]
}

const MOVE = 'lambda/ledger/operations/move.ts'

/** Bugs, each of which violates one sentence of docs/decisions/publishing.md. */
export const BUGS: readonly Bug[] = [
  {
    name: 'a grace of nothing',
    story: STORIES.wayHome,
    plants: [
      {
        file: 'lambda/ledger/ledger.ts',
        text: 'return graceSeconds === 0 || answeredAt - since > graceSeconds * 1000',
        by: 'return true',
      },
    ],
  },
  {
    name: 'a grace counted from the intent',
    story: STORIES.lateSwitch,
    plants: [
      {
        file: 'lambda/ledger/intents.ts',
        text: `{ manifest, etag }: StoredManifest,
  wanted: Wanted<I>,
): Promise<Held<I> | undefined> {
  await putOpenEntry(ledger, day, etag)
  const intent = { ...wanted,`,
        by: `{ manifest, etag, answeredAt }: StoredManifest,
  wanted: Wanted<I>,
): Promise<Held<I> | undefined> {
  await putOpenEntry(ledger, day, etag)
  const intent = { ...wanted, answeredAt,`,
      },
      {
        file: MOVE,
        text: 'moved(held, listed, timeOf(head))',
        by: 'moved(held, listed, timeOf(manifest.intent.answeredAt ? manifest.intent : head))',
      },
    ],
  },
  {
    name: 'commit before the switch',
    story: STORIES.slowFunction,
    isDeep: true,
    plants: [
      { file: MOVE, text: '  await pointPartition(ledger, day, target)\n', by: '' },
      {
        file: MOVE,
        text: 'timeOf(head))))) return FINISHED',
        by: 'timeOf(head))))) {\n    await pointPartition(ledger, day, target)\n    return FINISHED\n  }',
      },
    ],
  },
  {
    name: 'an extension of two objects',
    story: STORIES.twoParts,
    plants: [
      {
        file: 'lambda/publishing/publish-day.ts',
        text: 'report.parts.length <= 1',
        by: 'report.parts.length <= 2',
      },
    ],
  },
  {
    name: 'a copy without If-None-Match',
    story: STORIES.publishers,
    plants: [
      {
        file: 'aws/write-objects.ts',
        text: "Metadata: { attempt },\n    IfNoneMatch: '*',",
        by: 'Metadata: { attempt },',
      },
    ],
  },
  {
    name: 'a Location set back by a crawler without restarting the grace',
    story: STORIES.wayHome,
    plants: [
      {
        file: 'lambda/ledger/operations/point.ts',
        text: 'commit(ledger, held, { retiredSince: timeOf(head) })',
        by: 'commit(ledger, held, {})',
      },
    ],
  },
  {
    name: 'MOVE home while a crawl runs',
    story: STORIES.wayHome,
    seed: 6,
    plants: [
      {
        file: MOVE,
        text: 'if (isHome(held) && (await isCrawled(ledger, held.day.dataset))) return undefined\n',
        by: '',
      },
      {
        file: 'lambda/ledger/tend.ts',
        text: "if (await isCrawled(ledger, day.dataset)) return 'later'\n",
        by: '',
      },
    ],
  },
  {
    name: 'RETIRE looks at the partition before it looks for a crawl',
    story: STORIES.wayHome,
    seed: 6,
    plants: [
      {
        file: 'lambda/ledger/operations/retire.ts',
        text: '(await isCrawled(ledger, day.dataset)) || (await isAnyShown(ledger, day, retired))',
        by: '(await isAnyShown(ledger, day, retired)) || (await isCrawled(ledger, day.dataset))',
      },
    ],
  },
  {
    name: 'a crawl beside a home that is left half filled',
    story: STORIES.halfHome,
    plants: [
      {
        file: 'lambda/catalog/start-crawler.ts',
        text: "if (await isLeftHalfFilled(ledger, table)) return 'put-off'\n",
        by: '',
      },
    ],
  },
]
