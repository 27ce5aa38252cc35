import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { cdkContext } from '../support/synthesized.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'dayfold-synth-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The app as the CDK command line starts it, with no environment of AWS, and CDK's own validation on. */
function synth(context: Readonly<Record<string, unknown>>, more: Readonly<Record<string, string>> = {}) {
  const env = {
    PATH: process.env['PATH'],
    NODE_NO_WARNINGS: '1',
    JSII_DEPRECATED: 'fail',
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify({ ...cdkContext(), ...context }),
    ...more,
  }
  return run(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { cwd: PROJECT_ROOT, env })
}

describe('the app', () => {
  it('synthesizes the datasets of the project, tells its sizes, and nothing that CDK would warn of', async () => {
    const { stderr } = await synth({ rawBucket: 'raw-files' })
    expect(stderr).toMatch(
      /^dayfold-data: templateBytes \d+ of \d+, .*\ndayfold: .*inlinePolicyCharacters \d+ .*\n$/,
    )
    const report = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8')) as {
      pluginReports: { pluginName: string; violations: unknown[] }[]
    }
    expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([])
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['dayfold.template.json', 'dayfold-data.template.json']),
    )
  })

  it('says of a bad value only what is wrong with it', async () => {
    await expect(synth({ maxConcurrency: 'many' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Configuration: "maxConcurrency": expected .* found "many"\..*\n$/,
      ) as string,
    })
  })

  it('refuses a key of another region than the one that is deployed to', async () => {
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/data'
    const region = { AWS_REGION: 'us-east-1', CDK_DEFAULT_REGION: 'us-east-1' }
    await expect(synth({ rawBucket: 'raw-files', kmsKeyArn }, region)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Configuration: "kmsKeyArn": expected one of us-east-1, .* of eu-west-1\. .*\n$/,
      ) as string,
    })
  })

  it('says of a registry that is not there only that', async () => {
    await expect(synth({ datasetsFile: 'no/such.ts' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Registry \S+no\/such\.ts: expected a module, found no such file\.\n$/,
      ) as string,
    })
  })
})
