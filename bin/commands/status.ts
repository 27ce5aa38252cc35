import type { Command } from 'commander'
import { ENGINE_VERSION, isOlderEngine } from '../../core/engine.ts'
import { parseExecutionInput } from '../../core/execution-input.ts'
import { DayfoldError } from '../../core/errors.ts'
import { withoutDay } from '../../core/without-day.ts'
import type { DayState, StatusOptions } from '../../client/status.ts'
import type { Target } from '../../client/target.ts'
import { addCommonOptions, collect, dayArgument, usage, usageAsync, type CommonFlags } from '../options.ts'
import { printJson, printLine } from '../output.ts'
import { withLastRaw } from '../last-raw.ts'
import { mendingLines, rebuildLines, redoLines } from '../redo-commands.ts'
import { openSession } from '../session.ts'
import { checkLines } from '../view/checks.ts'
import { colors } from '../view/colors.ts'
import { renderFindings } from '../view/findings.ts'
import { count, counted, minute } from '../../core/format.ts'
import { renderTable, withoutZeros } from '../view/tables.ts'
import { countUnread, unreadableLines } from '../view/unread.ts'

interface StatusFlags extends CommonFlags {
  readonly dataset?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly check?: boolean
}

/** Maximum number of days in the table. Older ones are left out. */
const MAX_DAYS_SHOWN = 100
/** Most datasets that are named in a line. The rest is only counted. */
const MAX_NAMES = 10

/**
 * Adds the command `status`, which shows the state of each day, or with `--check` compares the days with their
 * manifests.
 */
export function addStatusCommand(program: Command): void {
  const command = program
    .command('status')
    .description(
      'show the days: rows, files, dropped and rejected records, last publish, last attempt, and which are outstanding',
    )
    .option('--dataset <name>', 'only this dataset; repeatable', collect)
    .option('--from <day>', 'first day, YYYY-MM-DD (default: the first there is)', dayArgument)
    .option('--to <day>', 'last day, inclusive (default: the last there is)', dayArgument)
    .option(
      '--check',
      'hold the published objects and the catalog against the manifests, changing nothing; exit code 1 if any differ',
    )
  addCommonOptions(command).action(async (given: StatusFlags) => {
    const flags = withLastRaw(given)
    const options = usage(command, () => checkedOptions(flags))
    const { otherDatasets, readStatus } = await import('../../client/status.ts')
    const session = await usageAsync(command, ['InvalidInput'], () =>
      openSession(flags, { mode: 'read', note: () => undefined }),
    )
    try {
      usage(command, () => checkDatasets(session.target, flags.dataset ?? []))
      if (flags.check) return await checkAll(session.target, options, flags)
      const days = await readStatus(session.target, options)
      if (flags.json) return printJson({ days })
      const others = flags.dataset ? [] : await otherDatasets(session.target)
      const named = flags.dataset ?? session.target.datasets.map(({ name }) => name)
      for (const text of [
        renderStatus(days, named),
        ...statusNotes(days, flags),
        ...otherLines(others, flags),
      ])
        printLine(text)
    } finally {
      await session.close()
    }
  })
}

async function checkAll(target: Target, options: StatusOptions, flags: CommonFlags): Promise<void> {
  const { check } = await import('../../client/check.ts')
  const checked = await check(target, options)
  if (flags.json) printJson(checked)
  else for (const line of [renderFindings(checked), ...mendingLines(checked.findings, flags)]) printLine(line)
  if (checked.findings.length > 0) process.exitCode = 1
}

function checkedOptions({ dataset, from, to }: StatusFlags): StatusOptions {
  if (from !== undefined && to !== undefined) parseExecutionInput({ from, to })
  return {
    ...(dataset && { datasets: dataset }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
}

/**
 * Checks that the deployment has datasets with these names.
 *
 * @throws DayfoldError UnknownDataset naming the first that it does not have
 */
export function checkDatasets({ datasets }: Target, names: readonly string[]): void {
  const known = datasets.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new DayfoldError(
    'UnknownDataset',
    `--dataset: expected one of ${known.join(', ')}, found "${unknown}".`,
  )
}

const COLUMNS = [
  { title: 'dataset' },
  { title: 'day' },
  { title: 'rows', align: 'right' },
  { title: 'files', align: 'right' },
  { title: 'dropped', align: 'right' },
  { title: 'rejected', align: 'right' },
  { title: 'not read', align: 'right' },
  { title: 'generation', align: 'right' },
  { title: 'last publish (UTC)' },
  { title: 'last attempt' },
] as const

/**
 * Renders the newest days as a table, with a line about those left out.
 *
 * @param datasets names of the datasets that were asked for
 */
export function renderStatus(days: readonly DayState[], datasets: readonly string[]): string {
  if (days.length === 0)
    return `No day of ${someOf(datasets)} has been worked on yet. Start with: npm run -s dayfold -- run --from … --to …`
  const newest = days
    .map(({ date }) => date)
    .sort()
    .at(-MAX_DAYS_SHOWN)!
  const shown = days.length <= MAX_DAYS_SHOWN ? days : days.filter(({ date }) => date >= newest)
  const table = renderTable(...withoutZeros(COLUMNS, shown.map(row), ['dropped']))
  const left = days.length - shown.length
  return left === 0 ? table : `${table}\nOlder: ${counted(left, 'more day')}; name them with --from and --to.`
}

/** Tells of datasets that have days and are not among those of the target. */
export function otherLines(others: readonly string[], { target }: Pick<CommonFlags, 'target'>): string[] {
  if (others.length === 0) return []
  const named = `Other datasets have days here: ${someOf(others)}.`
  const how = 'Name the module that exports them with --datasets.'
  return [target === 'aws' ? `${named} They are not deployed any more.` : `${named} ${how}`]
}

const someOf = (names: readonly string[]) =>
  [
    ...names.slice(0, MAX_NAMES),
    ...(names.length > MAX_NAMES ? [`${names.length - MAX_NAMES} more`] : []),
  ].join(', ')

/** Returns lines to print below the table: what needs attention, with the commands that mend it. */
export function statusNotes(days: readonly DayState[], flags: CommonFlags): string[] {
  return [
    ...unreadableLines(days),
    ...checkLines(days),
    ...olderEngineLines(days, flags),
    ...problemLines(days, flags),
    ...outstandingLines(days, flags),
  ]
}

/** Days whose raw objects were read by an older engine than today's. */
function olderEngineLines(days: readonly DayState[], flags: CommonFlags): string[] {
  const older = days.filter(
    ({ files, engine }) => files > 0 && engine !== null && isOlderEngine(engine, ENGINE_VERSION),
  )
  const title =
    `${counted(older.length, 'dataset-day was', 'dataset-days were')} read by an older engine: today's may find other ` +
    'rows, rejects or digits in the same raw files. To read again what the raw prefix holds now:'
  return rebuildLines(title, older, flags)
}

/** Outstanding days with their cause and since when, and the commands to go on. */
function outstandingLines(days: readonly DayState[], flags: CommonFlags): string[] {
  const outstanding = days.flatMap(({ dataset, date, outstanding: why }) =>
    why ? [{ dataset, date, ...why }] : [],
  )
  if (outstanding.length === 0) return []
  const named = outstanding.map(({ dataset, date, status, since, error, cause }) => {
    const why = [error, cause && withoutDay(cause, { dataset, date })].filter((part) => part).join(': ')
    return `  ${dataset} ${date}: ${colors.red(status)} since ${minute(since)} (UTC): ${why}`
  })
  const mendable = outstanding.filter(({ status }) => status !== 'superseded')
  return [
    `Outstanding: ${counted(outstanding.length, 'dataset-day')}.`,
    ...named,
    ...redoLines(mendable, flags),
  ]
}

/** Unreadable documents, and the commands that mend them. */
function problemLines(days: readonly DayState[], flags: CommonFlags): string[] {
  const problems = days.flatMap(({ dataset, date, problems }) =>
    problems.map((cause) => ({ dataset, date, error: 'CorruptState', cause })),
  )
  const named = problems.map(({ dataset, date, cause }) => colors.red(`${dataset} ${date}: ${cause}`))
  return [...named, ...redoLines(problems, flags)]
}

function row({
  dataset,
  date,
  rows,
  files,
  dropped,
  rejected,
  unread,
  generation,
  publishedAt,
  publishing,
  lastAttempt,
}: DayState): string[] {
  const publish = publishedAt ? minute(publishedAt) : 'never'
  const attempt = lastAttempt ? `${lastAttempt.state} ${minute(lastAttempt.startedAt)}` : ''
  return [
    dataset,
    date,
    ...[rows, files, dropped, rejected].map(count),
    unread ? count(countUnread(unread)) : '',
    count(generation),
    publish,
    publishing ? `${attempt} (publishing)` : attempt,
  ]
}
