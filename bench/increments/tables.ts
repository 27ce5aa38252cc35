import { ratio, seconds, whole, type Table } from '../report.ts'
import { ownCpu, totalCpu, type IncrementsFigures } from './bench.ts'
import type { PassFigures } from '../../test/support/increments/messages.ts'

/** Lays out the figures for people. */
export function incrementsTables(figures: IncrementsFigures): Table[] {
  return [costTable(figures), runTable(figures.increments), readerTable(figures)]
}

function costTable(figures: IncrementsFigures): Table {
  const { dataset, records, onePass, increments, rawBytes, rowGroups, differences } = figures
  const row = (name: string, of: (pass: PassFigures) => number, show: (value: number) => string) => [
    name,
    show(of(onePass)),
    show(of(increments)),
    ratio(of(increments) / of(onePass)),
  ]
  return {
    title:
      `${whole(records)} records of ${dataset} in 8 batches and a consolidation, against one pass; ` +
      `row groups left: ${rowGroups.map(whole).join(' + ')} rows; ` +
      `rows of one but not the other: ${differences.missing + differences.surplus}`,
    head: ['', 'one pass', 'increments', 'ratio'],
    rows: [
      [
        'raw MB read',
        ...[onePass, increments].map((pass) => whole(pass.rawBytesRead / 1e6)),
        ratio(figures.bytesRatio),
      ],
      row('records extracted', (pass) => pass.recordsExtracted, whole),
      row('CPU s: jobs', (pass) => pass.cpu.jobs, seconds),
      row('CPU s: functions', (pass) => pass.cpu.lambdas, seconds),
      row('CPU s: jobs and functions', ownCpu, seconds),
      ['CPU s: extra a further run', '', seconds(figures.extraCpuSecondsARun), ''],
      row('CPU s: with local services', totalCpu, seconds),
      row('wall s', (pass) => pass.seconds, seconds),
      ['raw MB of the day', whole(rawBytes / 1e6), '', ''],
    ],
  }
}

function runTable({ runs }: PassFigures): Table {
  return {
    title: 'Increments, run by run',
    head: ['run', 'CPU s: job', 'CPU s: functions', 'wall s'],
    rows: runs.map((run, index) => [
      String(index + 1),
      seconds(run.jobCpu),
      seconds(run.lambdaCpu),
      seconds(run.seconds),
    ]),
  }
}

function readerTable({ reader }: IncrementsFigures): Table {
  return {
    title: 'Queries during another such day and its rebuild',
    head: ['queries', 'overlapping a publish', 'failed', 'retried', 'broken', 'rows seen twice', 'rows lost'],
    rows: [
      [
        reader.queries,
        reader.overlapping,
        reader.failed,
        reader.retried,
        reader.broken,
        reader.duplicates,
        reader.lost,
      ].map(whole),
    ],
  }
}
