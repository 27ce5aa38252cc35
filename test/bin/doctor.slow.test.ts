import { expect, test } from 'vitest'
import { readPlan } from '../../bin/doctor/read-plan.ts'
import { docker, LOCAL_CHECKS, thisMachine, type Machine } from '../../bin/doctor/this-machine.ts'
import { renderDiagnoses, renderGrants } from '../../bin/view/diagnoses.ts'
import { diagnose } from '../../client/doctor/diagnosis.ts'

const failing = (message: string) => () => Promise.reject(new Error(message))
const WELL: Machine = {
  node: '22.1.0',
  home: process.cwd(),
  freeBytes: () => Promise.resolve(10e9),
  listen: () => Promise.resolve(),
  loadDuckdb: () => Promise.resolve(),
  output: () => Promise.resolve('29.1.0\n'),
}
const CHECKS = [...LOCAL_CHECKS, docker(undefined)]

async function verdicts(machine: Partial<Machine>): Promise<string[]> {
  const diagnoses = await diagnose(CHECKS, { ...WELL, ...machine })
  return diagnoses.flatMap(({ check, verdict }) => (verdict === 'ok' ? [] : [`${verdict} ${check}`]))
}

test('this machine runs the local target', async () => {
  const diagnoses = await diagnose(LOCAL_CHECKS, thisMachine('.dayfold/deeper'))
  expect(diagnoses.filter(({ verdict }) => verdict === 'fault')).toEqual([])
  expect(await verdicts({})).toEqual([])
})

test.each([
  ['an old Node.js', { node: '20.18.3' }, 'fault node'],
  ['packages of another system', { loadDuckdb: failing('no native binding') }, 'fault packages'],
  ['a home below a file', { home: `${process.cwd()}/package.json/home` }, 'fault home'],
  ['little room', { freeBytes: () => Promise.resolve(1e9) }, 'warning disk'],
  ['no room', { freeBytes: () => Promise.resolve(1e6) }, 'fault disk'],
  ['no port', { listen: failing('EPERM') }, 'fault ports'],
  ['no Docker', { output: failing('ENOENT') }, 'fault docker'],
])('%s is told', async (_, machine, verdict) => {
  expect(await verdicts(machine)).toEqual([verdict])
})

test('an image that is there needs no Docker', async () => {
  const [diagnosis] = await diagnose([docker('registry/image:1')], { ...WELL, output: failing('ENOENT') })
  expect(diagnosis?.verdict).toBe('ok')
})

test('the plan is what cdk.json and the datasets say, its own names above it', async () => {
  const context = { name: 'other-name', datasets: '{"jobs":{"rawPrefix":"raw/jobs"}}' }
  const { name, database, rawBucket, datasets, qualifier } = await readPlan(context)
  expect({ name, database, rawBucket, qualifier }).toEqual({
    name: 'other-name',
    database: 'other_name',
    rawBucket: undefined,
    qualifier: 'hnb659fds',
  })
  expect(datasets.find(({ name }) => name === 'jobs')).toMatchObject({
    rawPrefix: 'raw/jobs',
    rawLayout: 'YYYY/MM/DD',
    instanceType: 'ml.m5.2xlarge',
  })
})

test('a fault is told with what was expected, what was found and what to do, a check that is well in a line', () => {
  const text = renderDiagnoses([
    { check: 'node', verdict: 'ok', found: '22.1.0' },
    {
      check: 'bootstrap',
      verdict: 'fault',
      expected: 'a version',
      found: 'none',
      remedy: 'Run: npx cdk bootstrap',
    },
  ])
  expect(text.split('\n')).toEqual([
    'ok      node      22.1.0',
    'fault   bootstrap expected a version; found none',
    '                  Run: npx cdk bootstrap',
    '1 fault, 0 warnings.',
  ])
})

test('statements with placeholders say by what these are replaced', () => {
  const grants = { bucketPolicy: [{ Sid: 'A' }], placeholders: ['<account>', '<region>'] }
  expect(renderGrants(grants)).toMatch(
    /policy of the bucket:\n\[[^]*"Sid": "A"[^]*\nReplace <account> and <region> by what is deployed to/,
  )
})
