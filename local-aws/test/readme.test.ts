import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { athenaAccesses } from '../athena/accesses.ts'
import { glueAccesses } from '../glue/accesses.ts'
import { homePaths } from '../home/paths.ts'
import { DEFAULT_PLACE } from '../protocol/place.ts'
import type { Fault, Step } from '../protocol/faults.ts'
import { S3_OPERATIONS } from '../s3/operations/index.ts'
import { sagemakerAccesses } from '../sagemaker/accesses.ts'
import { STATES_ACCESSES } from '../states/accesses.ts'

type Place = (...names: readonly string[]) => string

const PACKAGE = join(import.meta.dirname, '..')
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8')

/** Returns the rows of the table under a heading, as cells, without the table's head. */
function tableUnder(heading: string): string[][] {
  const section = README.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!
  const lines = section.split('\n').filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}
const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)

const SERVED = {
  S3: S3_OPERATIONS.map(({ name }) => name),
  Glue: Object.keys(glueAccesses(DEFAULT_PLACE)),
  Athena: Object.keys(athenaAccesses(DEFAULT_PLACE)),
  'Step Functions': Object.keys(STATES_ACCESSES),
  SageMaker: Object.keys(sagemakerAccesses(DEFAULT_PLACE)),
}

test('the table of services names the operations that are served', () => {
  const rows = tableUnder('Services').map(([service, operations]) => [service, codeIn(operations!).sort()])
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(SERVED).map(([service, names]) => [service, names.sort()])),
  )
})

test('the tables of faults and steps name all of them', () => {
  const faults: Record<Fault['kind'], true> = {
    error: true,
    delay: true,
    reset: true,
    truncate: true,
    'lose-answer': true,
    changed: true,
  }
  const steps: Record<Step['name'], true> = { 'list-folder': true, 'open-files': true, 'write-crawl': true }
  const named = tableUnder('Faults').flatMap(([name]) => codeIn(name!))
  expect(named).toEqual([...Object.keys(faults), ...Object.keys(steps)])
})

test('the table of the home names every place in it, and no other', () => {
  const anonymous = (path: string) => path.replaceAll(/<\w+>/g, '<name>').replace(/\/$/, '')
  const rows = tableUnder('Home')
    .flatMap(([path]) => codeIn(path!))
    .map(anonymous)
  const members = Object.values(homePaths('') as unknown as Record<string, string | Place>)
  const places = members.map((place) => (typeof place === 'string' ? place : place('<name>', '<name>')))
  expect(rows.filter((row) => !places.includes(row))).toEqual([])
  expect(places.filter((place) => !rows.some((row) => row === place || row.startsWith(`${place}/`)))).toEqual(
    [],
  )
})

describe('the program', () => {
  const blocks = [...README.matchAll(/```ts\n(.*?)```\n\nIt prints\n\n```\n(.*?)```/gs)]
  const examples = readdirSync(join(PACKAGE, 'examples')).sort()

  test('in the README is an example each', () => {
    const sources = examples.map((name) => readFileSync(join(PACKAGE, 'examples', name), 'utf8'))
    expect(blocks.map(([, source]) => source).sort()).toEqual(sources.sort())
  })

  test.each(examples)('%s prints what the README says', async (name) => {
    const path = join(PACKAGE, 'examples', name)
    const source = readFileSync(path, 'utf8')
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', path], {
      cwd: PACKAGE,
    })
    expect(stdout).toBe(blocks.find((block) => block[1] === source)![2])
  })
})
