import { describe, expect, it } from 'vitest'
import { DEFAULT_READ_SETTINGS } from '../../core/read-settings.ts'
import { checkDatasets, OPTIONS, parseConfig } from '../../lib/config.ts'
import { cdkContext } from '../support/synthesized.ts'
import { HANDLER_TIMEOUT_SECONDS, LEASE_SECONDS, LEAST_GRACE_MINUTES } from '../../lib/timeouts.ts'

const rawBucket = 'raw-files'
const described = (...names: string[]) =>
  names.map((name) => ({ name, columns: [], ...DEFAULT_READ_SETTINGS, featureVersion: '' }))

describe('parseConfig', () => {
  it('needs nothing but the raw bucket', () => {
    expect(parseConfig({ rawBucket })).toMatchObject({
      rawBucket,
      name: 'dayfold',
      database: 'dayfold',
      datasets: {},
      schedule: 'cron(10 0/3 * * ? *)',
      maxConcurrency: 10,
      partRows: 1_048_576,
      partBytes: 1_073_741_824,
      rowGroupRows: 65_536,
      stagingDays: 30,
      freshHours: 6,
    })
  })

  it('says that the raw bucket is missing, and how to name it', () => {
    expect(() => parseConfig({})).toThrow(
      'Configuration: "rawBucket": expected the name of an existing bucket, found nothing. ' +
        'Set it in cdk.json under "context", or pass -c rawBucket=….',
    )
  })

  it('takes values as text, as -c passes them', () => {
    const text = {
      rawBucket,
      maxConcurrency: '3',
      scheduleEnabled: 'false',
      datasets: '{"jobs":{"lookbackDays":2}}',
    }
    expect(parseConfig(text)).toMatchObject({
      maxConcurrency: 3,
      scheduleEnabled: false,
      datasets: { jobs: { lookbackDays: 2 } },
    })
  })

  it.each([
    ['rawBucket', 'Raw_Bucket', 'the name of an existing bucket'],
    ['name', 'Day fold', 'at most 20 lower-case letters'],
    ['name', 'a-name-of-more-than-twenty-characters', 'at most 20'],
    ['maxConcurrency', 'many', 'a whole number from 1 to 1000'],
    ['maxConcurrency', 0, 'a whole number from 1 to 1000'],
    ['maxConcurrency', 1.5, 'a whole number from 1 to 1000'],
    ['partRows', 2_000_000, 'a whole number from 1 to 1048576'],
    ['maxRuntimeSeconds', 777_601, 'a whole number from 60 to 777600'],
    ['schedule', 'rate(3 hours)', 'an EventBridge cron expression'],
    ['scheduleEnabled', 'maybe', 'true or false'],
    ['instanceType', 'm5.large', 'a SageMaker instance type'],
    ['logRetentionDays', 31, 'one of 1, 3, 5, 7'],
    ['queryGraceMinutes', 28, `a whole number from ${LEAST_GRACE_MINUTES} to 10080`],
    ['queryGraceMinutes', 0, `a whole number from ${LEAST_GRACE_MINUTES} to 10080`],
    ['crawler', 'always', 'new-days or off'],
    ['freshHours', 169, 'a whole number from 1 to 168'],
    ['alarmEmail', 'nobody', 'an e-mail address'],
    ['datasets', { jobs: { timezone: 'UTC' } }, 'an object such as {"jobs"'],
    ['datasets', { jobs: { timeZone: 'Mars/Olympus' } }, 'the problem is at jobs.timeZone'],
    ['datasets', { jobs: { rawPrefix: 'raw/jobs/' } }, 'the problem is at jobs.rawPrefix'],
    [
      'datasets',
      { jobs: { unreadable: 'never' } },
      'the problem is at jobs.unreadable, where "fail" or "skip" is expected',
    ],
    ['datasets', { jobs: { rawLayout: 'YYYY/MM' } }, 'jobs.rawLayout, where a template of a day'],
    ['datasets', { jobs: { rawFiles: '*.jsonl' } }, 'jobs.rawFiles, where a list of at least one pattern'],
  ])('refuses %s = %j with name, value and what is allowed', (name, value, allowed) => {
    const parse = () => parseConfig({ rawBucket, [name]: value })
    expect(parse).toThrow(`"${name}": expected`)
    expect(parse).toThrow(`found ${JSON.stringify(value)}`)
    expect(parse).toThrow(allowed)
    expect(parse).toThrow(expect.objectContaining({ code: 'InvalidConfiguration' }) as Error)
  })

  it('reserves less than all for the schedule', () => {
    const reserved = (options: object) => parseConfig({ rawBucket, ...options }).reservedForSchedule
    expect(reserved({})).toBe(2)
    expect(reserved({ maxConcurrency: 1 })).toBe(0)
    expect(reserved({ maxConcurrency: 4, reservedForSchedule: '3' })).toBe(3)
    expect(() => reserved({ maxConcurrency: 3, reservedForSchedule: 3 })).toThrow(
      'Configuration: "reservedForSchedule": expected less than "maxConcurrency" 3, found 3.',
    )
  })

  it('refuses an option that it does not know, since it may be misspelt', () => {
    expect(() => parseConfig({ rawBucket, maxConcurency: 3 })).toThrow('unknown option "maxConcurency"')
  })

  it('grants queries more time than any function that has begun work on a day may live, tries included', () => {
    const longest = Math.max(...Object.values(HANDLER_TIMEOUT_SECONDS))
    expect(LEAST_GRACE_MINUTES * 60).toBeGreaterThan(LEASE_SECONDS + longest + 2 + 4 + 8 + 16 + 32)
    expect(parseConfig({ rawBucket, queryGraceMinutes: String(LEAST_GRACE_MINUTES) }).queryGraceMinutes).toBe(
      LEAST_GRACE_MINUTES,
    )
    expect(parseConfig({ rawBucket }).queryGraceMinutes).toBe(60)
  })

  it('wants subnets and security groups together', () => {
    expect(() => parseConfig({ rawBucket, subnetIds: ['subnet-0a'] })).toThrow('expected both or neither')
  })

  it('keeps staged files for as long as the jobs of a day may take', () => {
    const longest = 777_600
    expect(() => parseConfig({ rawBucket, stagingDays: '2', maxRuntimeSeconds: '777600' })).toThrow(
      'Configuration: "stagingDays": expected at least 30, since with "maxRuntimeSeconds" 777600 the jobs of a day ' +
        'may take so long, found 2. Raise stagingDays, or lower maxRuntimeSeconds.',
    )
    expect(parseConfig({ rawBucket, maxRuntimeSeconds: longest }).stagingDays).toBe(30)
    expect(parseConfig({ rawBucket, stagingDays: 2 }).maxRuntimeSeconds).toBe(14_400)
    const { stagingDays, maxRuntimeSeconds } = parseConfig({
      rawBucket,
      stagingDays: 6,
      maxRuntimeSeconds: 86_400,
    })
    expect(stagingDays * 86_400).toBeGreaterThan(4 * maxRuntimeSeconds)
  })

  it('calls tables fresh for twice the time between two starts, unless told otherwise', () => {
    const hours = (options: object) => parseConfig({ rawBucket, ...options }).freshHours
    expect(hours({ schedule: 'cron(10 2 * * ? *)' })).toBe(48)
    expect(hours({ schedule: 'cron(0 * * * ? *)' })).toBe(2)
    expect(hours({ schedule: 'cron(0 6 ? * MON *)', freshHours: '168' })).toBe(168)
  })

  it('refuses to call tables stale before the next start of the schedule', () => {
    const daily = { rawBucket, schedule: 'cron(10 2 * * ? *)' }
    expect(() => parseConfig({ ...daily, freshHours: 24 })).toThrow(
      'Configuration: "freshHours": expected more than the 24 hours between two starts of "schedule" ' +
        'cron(10 2 * * ? *), found 24. Raise it, or start runs more often.',
    )
    expect(parseConfig({ ...daily, freshHours: 25 }).freshHours).toBe(25)
  })

  it('accepts what cdk.json holds', () => {
    expect(parseConfig(cdkContext()).rawBucket).toBe('your-raw-bucket')
  })

  it('explains every option', () => {
    for (const option of OPTIONS) expect(option.meaning, option.name).toMatch(/[.)]$/)
    expect(new Set(OPTIONS.map((option) => option.name)).size).toBe(OPTIONS.length)
  })
})

describe('checkDatasets', () => {
  it('refuses settings of a dataset that there is not', () => {
    const config = parseConfig({ rawBucket, datasets: { job: {} } })
    expect(() => checkDatasets(config, described('jobs'))).toThrow('expected settings of jobs, found "job"')
  })

  it('refuses a schedule over more dataset-days than one execution may cover', () => {
    const datasets = { a: { lookbackDays: 365 }, b: { lookbackDays: 365 }, c: { lookbackDays: 365 } }
    const config = parseConfig({ rawBucket, datasets })
    expect(() => checkDatasets(config, described('a', 'b', 'c'))).not.toThrow()
    expect(() => checkDatasets(config, described('a', 'b', 'c', 'd'))).toThrow(
      'at most 1100 dataset-days, found 1106',
    )
  })

  it("refuses a dataset named like another's table of rejected records", () => {
    const config = parseConfig({ rawBucket })
    expect(() => checkDatasets(config, described('jobs', 'jobs_rejected'))).toThrow(
      '"jobs_rejected": expected another',
    )
  })
})
