import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { buildProgram } from '../../bin/program.ts'

test.each([
  ['no command', [], 'Usage: dayfold'],
  ['an unknown command', ['rnu'], "unknown command 'rnu'"],
  ['an unknown option', ['run', '--form', '2024-01-01'], "unknown option '--form'"],
  [
    'a day that does not exist',
    ['run', '--from', '2024-02-30', '--to', '2024-03-01'],
    'Expected an existing day',
  ],
  [
    'from after to',
    ['run', '--from', '2024-02-02', '--to', '2024-02-01'],
    '"from": expected a day not after "to" (2024-02-01), found "2024-02-02"',
  ],
  [
    'from without to',
    ['run', '--from', '2024-02-01'],
    '"from" and "to": expected both or neither, found only "from"',
  ],
  ['an unknown mode', ['run', '--mode', 'all'], 'Allowed choices are changed, failed, rebuild'],
  ['no days at once', ['run', '--max-concurrency', '0'], 'Expected a whole number from 1'],
  ['a folder of raw data that is not there', ['run', '--raw', '/nowhere/at/all'], 'found no such folder'],
  ['a dataset that has no name', ['try'], "missing required argument 'dataset'"],
  ['no file to write to', ['load', '--sql', 'SELECT 1'], "required option '--out <file>' not specified"],
  [
    'a file of another format',
    ['load', '--sql', 'SELECT 1', '--out', 'x.xlsx'],
    'a name that ends in .parquet, .csv, .jsonl',
  ],
  ['a page of another format', ['report', '--out', 'x.pdf'], 'a name that ends in .html'],
  ['no page to write to', ['report', 'run-1'], "required option '--out <file>' not specified"],
  [
    'half a range',
    ['load', '--dataset', 'jobs', '--out', 'x.csv'],
    'expected --dataset, --from and --to, or --sql or --sql-file; found no --from and no --to.',
  ],
  [
    'a range of no dataset',
    ['load', '--from', '2024-01-01', '--to', '2024-01-02', '--out', 'x.csv'],
    'or --sql or --sql-file; found no --dataset.',
  ],
  ['nothing to load', ['load', '--out', 'x.csv'], 'or --sql or --sql-file; found none of them.'],
  [
    'days that SQL does not name',
    ['load', '--sql', 'SELECT 1', '--from', '2024-01-01', '--to', '2024-01-02', '--out', 'x.csv'],
    'expected :from and :to in it',
  ],
  [
    'SQL that names a day that is not given',
    ['load', '--sql', 'SELECT :to', '--out', 'x.csv'],
    'expected --from and --to for :to',
  ],
  [
    'gaps allowed where nothing is checked',
    ['load', '--sql', 'SELECT 1', '--allow-gaps', '--out', 'x.csv'],
    'without them SQL is not checked',
  ],
  ['SQL twice', ['load', '--sql', 'SELECT 1', '--sql-file', 'x.sql', '--out', 'x.csv'], 'found both'],
  ['a range and SQL', ['load', '--dataset', 'jobs', '--sql', 'SELECT 1', '--out', 'x.csv'], 'found both'],
  ['AWS without a stack', ['status', '--target', 'aws'], 'expected --stack NAME'],
  [
    'another registry on AWS',
    ['run', '--target', 'aws', '--stack', 's', '--datasets', 'x.ts'],
    '--target local',
  ],
  [
    'configuration on AWS',
    ['run', '--target', 'aws', '--stack', 's', '--context', 'maxConcurrency=3'],
    '--context: expected --target local with it, found aws',
  ],
  [
    'a home on AWS',
    ['status', '--target', 'aws', '--stack', 's', '--home', 'x'],
    '--home: expected --target local with it, found aws',
  ],
  [
    'a stack on this machine',
    ['status', '--stack', 's'],
    '--stack: expected --target aws with it, found local',
  ],
  [
    'a registry that is not there',
    ['status', '--datasets', '/no/such.ts'],
    '--datasets /no/such.ts: expected a module that exports datasets, found no such file',
  ],
  ['a registry that is a folder', ['status', '--datasets', '/'], 'found a folder'],
  ['unknown configuration', ['run', '--context', 'foo=1'], 'unknown option "foo": expected one of rawBucket'],
  [
    'configuration that is not allowed',
    ['run', '--context', 'maxConcurrency=x'],
    'found "x". Set it in cdk.json under "context", or pass --context maxConcurrency=…',
  ],
  ['a home that is not there', ['status', '--home', '/nowhere/at/all'], 'found no such folder'],
  [
    'a home that is none',
    ['load', '--sql', 'SELECT 1', '--out', 'x.csv', '--home', 'test/bin'],
    'expected the home of an earlier run, found a folder that is none',
  ],
  ['following a run of this machine', ['run', '--follow', 'x'], '--follow: expected --target aws with it'],
  [
    'following with a say in it',
    ['run', '--target', 'aws', '--stack', 's', '--follow', 'x', '--dry-run'],
    'expected nothing about what to run beside it, found --dry-run',
  ],
  ['no prices', ['run', '--prices', '/no/such.json'], '--prices /no/such.json: expected a file'],
  ['a doctor for a stack here', ['doctor', '--stack', 's'], '--stack: expected --target aws with it'],
  ['configuration without a value', ['run', '--context', 'maxConcurrency'], 'Expected KEY=VALUE'],
])('%s is refused with the reason and the usage', async (_, args, message) => {
  const written: string[] = []
  const program = buildProgram({ writeErr: (text) => written.push(text) })
  await expect(program.parseAsync(args, { from: 'user' })).rejects.toThrow(CommanderError)
  expect(written.join('')).toContain(message)
  expect(written.join('')).toContain('Usage: dayfold')
})
