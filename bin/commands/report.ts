import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { DayfoldError } from '../../core/errors.ts'
import { addCommonOptions, usage, usageAsync, type CommonFlags } from '../options.ts'
import { printJson, printLine } from '../output.ts'
import { openSession } from '../session.ts'
import { bytes, counted } from '../../core/format.ts'

interface ReportFlags extends CommonFlags {
  readonly out: string
}

/** Adds the command `report`, which writes an HTML page about an execution. */
export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description(
      'write one HTML page about an execution: days by state and why, rejected records, checks, columns and drift, time and cost',
    )
    .argument('[execution]', 'its name or ARN (default: the one that ended last)')
    .requiredOption('--out <file>', 'file to write: .html')
  addCommonOptions(command).action(async (execution: string | undefined, flags: ReportFlags) => {
    usage(command, () => checkFile(flags.out))
    const { reportOn } = await import('../../client/report.ts')
    const session = await usageAsync(command, ['InvalidInput'], () =>
      openSession(flags, { mode: 'read', note: () => undefined }),
    )
    try {
      const options = { now: () => new Date(), isBilled: session.home === undefined }
      const { report, page } = await usageAsync(command, ['InvalidInput'], () =>
        reportOn(session.target, execution, options),
      )
      const file = resolve(flags.out)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, page)
      const { summary, days } = report
      const told = {
        file,
        bytes: Buffer.byteLength(page),
        execution: summary.execution,
        counts: summary.counts,
      }
      if (flags.json) printJson(told)
      else
        printLine(
          `${file}: ${summary.execution.name}, ${counted(days.length, 'dataset-day')}, ${bytes(told.bytes)}.`,
        )
    } finally {
      await session.close()
    }
  })
}

function checkFile(file: string): void {
  if (file.endsWith('.html')) return
  throw new DayfoldError('InvalidInput', `--out ${file}: expected a name that ends in .html.`)
}
