import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { CopiedInput } from '../../client/diff/sample.ts'
import type { Made } from '../../client/diff/diff.ts'
import type { TargetDataset } from '../../client/target.ts'
import { parseExecutionInput } from '../../core/execution-input.ts'
import {
  addCommonOptions,
  countArgument,
  dayArgument,
  usage,
  usageAsync,
  type CommonFlags,
} from '../options.ts'
import { note, printJson, printLine } from '../output.ts'
import { rawMounts } from '../raw-mounts.ts'
import { openSession, orInterrupted } from '../session.ts'
import { renderDiff } from '../view/diff.ts'

interface DiffFlags extends CommonFlags {
  readonly from?: string
  readonly to?: string
  readonly limit: number
}

const DEFAULT_LIMIT = 3

/**
 * Adds the command `diff`, which shows how the published rows would change if the present feature code made them again.
 */
export function addDiffCommand(program: Command): void {
  const command = program
    .command('diff')
    .description(
      'compare the present feature code with what is published, on a sample of days; nothing is changed: columns, ' +
        'rows that change with examples, how values move',
    )
    .argument('<dataset>', 'name of the dataset')
    .option('--from <day>', 'first day, YYYY-MM-DD (default: the first that is published)', dayArgument)
    .option('--to <day>', 'last day, inclusive (default: the last that is published)', dayArgument)
    .option('--limit <n>', 'days to compare, spread over the range', countArgument, DEFAULT_LIMIT)
  addCommonOptions(command, { takesRegistry: true }).action(async (dataset: string, flags: DiffFlags) => {
    const { from, to } = flags
    if (from !== undefined && to !== undefined) usage(command, () => parseExecutionInput({ from, to }))
    await orInterrupted((signal) => compare(command, dataset, flags, signal))
  })
}

async function compare(
  command: Command,
  dataset: string,
  flags: DiffFlags,
  signal: AbortSignal,
): Promise<void> {
  const [{ diff }, { openSandbox }, { DEFAULT_REGISTRY }] = await Promise.all([
    import('../../client/diff/diff.ts'),
    import('../sandbox/run-sandbox.ts'),
    import('../../lib/bundle/options.ts'),
  ])
  const mounts = (datasets: readonly TargetDataset[] = []) => rawMounts(flags.raw, [dataset], datasets)
  usage(command, () => mounts())
  const { datasets: registry = DEFAULT_REGISTRY, from, to, limit } = flags
  const session = await usageAsync(command, ['InvalidInput'], () =>
    openSession(flags, { mode: 'read', mounts, note }),
  )
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-diff-'))
  try {
    const sandbox = await openSandbox({ registry, note, signal })
    const run = async (files: readonly CopiedInput[]): Promise<Made> => {
      const { processed, parts, dataset: found } = await sandbox.run(dataset, files)
      const paths = processed.parts.map(({ name }) => join(parts, name))
      return { inputs: processed.inputs, parts: paths, columns: found.columns, key: found.key }
    }
    try {
      const found = await usageAsync(command, ['UnknownDataset', 'InvalidInput'], () =>
        diff(session.target, { dataset, from, to, limit, folder, run, signal }),
      )
      if (flags.json)
        printJson({ ...found, rows: { ...found.rows, columns: Object.fromEntries(found.rows.columns) } })
      else printLine(renderDiff(found))
    } finally {
      sandbox.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await session.close()
  }
}
