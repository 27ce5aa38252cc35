import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  ListProcessingJobsCommand,
  SageMakerClient,
  StopProcessingJobCommand,
  type CreateProcessingJobCommandInput,
} from '@aws-sdk/client-sagemaker'
import { expect, onTestFinished, test } from 'vitest'
import { advancingClock } from '../../clock.ts'
import { homePaths } from '../../home/paths.ts'
import { createLimits } from '../../protocol/limits.ts'
import { sagemakerService, type SageMakerOptions } from '../../sagemaker/service.ts'
import { virtualClock } from '../../virtual-clock.ts'
import { clientFor, temporaryHome } from '../support/home.ts'

const ROLE = 'arn:aws:iam::000000000000:role/job'

const request = (
  name: string,
  overrides: Partial<CreateProcessingJobCommandInput> = {},
): CreateProcessingJobCommandInput => ({
  ProcessingJobName: name,
  RoleArn: ROLE,
  AppSpecification: { ImageUri: 'image', ContainerArguments: ['--work-order', 's3://data/order'] },
  ProcessingResources: {
    ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.2xlarge', VolumeSizeInGB: 30 },
  },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  Environment: { AWS_REGION: 'us-east-1' },
  ...overrides,
})

/** Serves a home in which the program of every image is the given JavaScript. */
async function start(program: string, options: { home?: string } & Partial<SageMakerOptions> = {}) {
  const home = options.home ?? temporaryHome()
  const directory = join(home, 'program')
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'main.mjs'), program)
  const service = sagemakerService({
    program: () => ({ command: ['node', 'main.mjs'], directory }),
    childEnvironment: (job, _, { mlRoot }) => ({ AWS_ACCESS_KEY_ID: job, DAYFOLD_ML_ROOT: mlRoot }),
    ...options,
    home,
  })
  onTestFinished(() => service.close())
  const client = new SageMakerClient(await clientFor(service))
  const describeJob = (name: string) =>
    client.send(new DescribeProcessingJobCommand({ ProcessingJobName: name }))
  const run = async (name: string, overrides?: Partial<CreateProcessingJobCommandInput>) => {
    await client.send(new CreateProcessingJobCommand(request(name, overrides)))
    await service.ended(name)
    return describeJob(name)
  }
  return { home, service, client, describe: describeJob, run }
}

/** Waits until the job's program has made the file `ready` in its ML folder. */
const ready = (home: string, job: string) =>
  expect.poll(() => existsSync(join(homePaths(home).mlRoot(job), 'ready')), { timeout: 10_000 }).toBe(true)

const SAY_READY = `import { writeFileSync } from 'node:fs'
const root = process.env.DAYFOLD_ML_ROOT
const ready = () => writeFileSync(root + '/ready', '')
`

test('the program gets its arguments, its environment and nothing else, and its /opt/ml files', async () => {
  const { home, run } = await start(`
    import { readFileSync, writeFileSync } from 'node:fs'
    import { tmpdir } from 'node:os'
    writeFileSync(tmpdir() + '/file', '')
    const root = process.env.DAYFOLD_ML_ROOT
    const read = (name) => JSON.parse(readFileSync(root + '/config/' + name + '.json', 'utf8'))
    writeFileSync(root + '/output/seen.json', JSON.stringify({
      args: process.argv.slice(2), env: process.env, job: read('processingjobconfig'), resources: read('resourceconfig'),
    }))`)
  const job = await run('job-1')
  expect(job).toMatchObject({
    ProcessingJobStatus: 'Completed',
    ProcessingJobArn: 'arn:aws:sagemaker:us-east-1:000000000000:processing-job/job-1',
    AppSpecification: { ImageUri: 'image' },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  })
  expect(job.ProcessingEndTime!.getTime()).toBeGreaterThanOrEqual(job.ProcessingStartTime!.getTime())
  const root = homePaths(home).mlRoot('job-1')
  const seen = JSON.parse(readFileSync(join(root, 'output', 'seen.json'), 'utf8')) as Record<string, object>
  expect(seen.args).toEqual(['--work-order', 's3://data/order'])
  expect(seen.resources).toEqual({ current_host: 'algo-1', hosts: ['algo-1'] })
  expect(seen.job).toMatchObject({ ProcessingJobName: 'job-1', Environment: { AWS_REGION: 'us-east-1' } })
  const own = Object.keys(seen.env!).filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))
  expect(own.sort()).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_REGION', 'DAYFOLD_ML_ROOT', 'PATH', 'TMPDIR', 'TZ'])
  expect(seen.env).toMatchObject({ AWS_ACCESS_KEY_ID: 'job-1', DAYFOLD_ML_ROOT: root, TZ: 'UTC' })
  const temporary = homePaths(home).jobTemporary('job-1')
  expect(seen.env).toMatchObject({ TMPDIR: temporary })
  expect(existsSync(temporary)).toBe(false)
})

test('an entry point in the request stands for the one of the image', async () => {
  const { home, run } = await start('')
  const AppSpecification = {
    ImageUri: 'image',
    ContainerEntrypoint: ['/bin/sh', '-c'],
    ContainerArguments: ['echo "from $0" > "$DAYFOLD_ML_ROOT/output/message"'],
  }
  expect(await run('job-1', { AppSpecification })).toMatchObject({
    ProcessingJobStatus: 'Completed',
    ExitMessage: 'from /bin/sh\n',
  })
  expect(existsSync(homePaths(home).jobRecord('job-1'))).toBe(true)
})

test('a program that fails gives a failed job with its exit code and the first kilobyte of its message', async () => {
  const { home, run } = await start(`
    import { writeFileSync } from 'node:fs'
    console.error('what went wrong')
    writeFileSync(process.env.DAYFOLD_ML_ROOT + '/output/message', 'é'.repeat(1) + 'x'.repeat(1021) + 'éé')
    process.exitCode = 3`)
  const job = await run('job-1')
  expect(job).toMatchObject({
    ProcessingJobStatus: 'Failed',
    FailureReason: expect.stringMatching(/^AlgorithmError: .*exit code: 3$/) as string,
    ExitMessage: `é${'x'.repeat(1021)}`,
  })
  const log = readFileSync(homePaths(home).jobLog('job-1'), 'utf8')
  expect(log).toContain('what went wrong')
})

test('a program that a signal kills counts as failed with 128 and the number of the signal', async () => {
  const { run } = await start(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)`)
  expect((await run('job-1')).FailureReason).toContain('exit code: 137')
})

test('a stopped job gets SIGINT, may clean up, and is Stopped whatever its exit code', async () => {
  const { home, service, client, describe, run } = await start(`${SAY_READY}
    process.on('SIGINT', () => {
      writeFileSync(root + '/output/message', 'stopped politely')
      process.exit(0)
    })
    setInterval(() => {}, 1000)
    ready()`)
  const done = run('job-1')
  await ready(home, 'job-1')
  expect((await describe('job-1')).ProcessingJobStatus).toBe('InProgress')
  expect(service.pids()).toHaveLength(1)
  await client.send(new StopProcessingJobCommand({ ProcessingJobName: 'job-1' }))
  expect(await done).toMatchObject({ ProcessingJobStatus: 'Stopped', ExitMessage: 'stopped politely' })
  expect(service.pids()).toEqual([])
  await client.send(new StopProcessingJobCommand({ ProcessingJobName: 'job-1' }))
  expect((await describe('job-1')).ProcessingJobStatus).toBe('Stopped')
})

test('a program without a handler of its own ends on SIGINT', async () => {
  const { home, client, run } = await start(`${SAY_READY} setInterval(() => {}, 1000); ready()`)
  const done = run('job-1')
  await ready(home, 'job-1')
  await client.send(new StopProcessingJobCommand({ ProcessingJobName: 'job-1' }))
  expect((await done).ProcessingJobStatus).toBe('Stopped')
})

test('a program that ignores SIGINT is killed with its children when the grace is over', async () => {
  const { home, client, run } = await start(
    `${SAY_READY}
    import { spawn } from 'node:child_process'
    process.on('SIGINT', () => {})
    const child = spawn('sleep', ['1000'])
    writeFileSync(root + '/child', String(child.pid))
    setInterval(() => {}, 1000)
    ready()`,
    { stopGraceSeconds: 0.05 },
  )
  const done = run('job-1')
  await ready(home, 'job-1')
  await client.send(new StopProcessingJobCommand({ ProcessingJobName: 'job-1' }))
  expect((await done).ProcessingJobStatus).toBe('Stopped')
  await isGone(Number(readFileSync(join(homePaths(home).mlRoot('job-1'), 'child'), 'utf8')))
})

test('what a program leaves running is gone once it has ended', async () => {
  const { home, run } = await start(`
    import { spawn } from 'node:child_process'
    import { writeFileSync } from 'node:fs'
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
    child.unref()
    writeFileSync(process.env.DAYFOLD_ML_ROOT + '/child', String(child.pid))`)
  expect((await run('job-1')).ProcessingJobStatus).toBe('Completed')
  await isGone(Number(readFileSync(join(homePaths(home).mlRoot('job-1'), 'child'), 'utf8')))
})

test('a job that runs longer than it may is stopped', async () => {
  const { run } = await start(`setInterval(() => {}, 1000)`)
  const job = await run('job-1', { StoppingCondition: { MaxRuntimeInSeconds: 1 } })
  expect(job.ProcessingJobStatus).toBe('Stopped')
})

test('a name is taken for ever, by whichever process', async () => {
  const home = temporaryHome()
  const first = await start('', { home })
  await first.run('job-1')
  const second = await start('', { home })
  await expect(second.run('job-1')).rejects.toMatchObject({ name: 'ResourceInUse' })
  expect((await second.describe('job-1')).ProcessingJobStatus).toBe('Completed')
})

test('a job whose process has ended without a word is reported as stopped', async () => {
  const { home, service, describe, run } = await start('')
  await run('job-1')
  const file = homePaths(home).jobRecord('job-1')
  const job = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  const abandoned = { ...job, status: 'InProgress', endedAt: undefined, owner: 2 ** 22 + 1 }
  writeFileSync(file, JSON.stringify(abandoned))
  expect(await describe('job-1')).toMatchObject({
    ProcessingJobStatus: 'Stopped',
    FailureReason: 'The process that ran the job has ended.',
  })
  // A living process may still run it.
  writeFileSync(file, JSON.stringify({ ...abandoned, owner: process.ppid }))
  expect(await service.describe('job-1')).toMatchObject({ ProcessingJobStatus: 'InProgress' })
})

test('jobs are listed newest first, by status and by name', async () => {
  const { client, run } = await start(`process.exitCode = process.argv.includes('bad') ? 1 : 0`)
  await run('good-1')
  await run('bad-1', { AppSpecification: { ImageUri: 'image', ContainerArguments: ['bad'] } })
  await run('good-2')
  const names = async (filter: object) => {
    const answer = await client.send(new ListProcessingJobsCommand(filter))
    return answer.ProcessingJobSummaries?.map(({ ProcessingJobName }) => ProcessingJobName)
  }
  expect(await names({})).toEqual(['good-2', 'bad-1', 'good-1'])
  expect(await names({ StatusEquals: 'Failed' })).toEqual(['bad-1'])
  expect(await names({ NameContains: 'good', MaxResults: 1 })).toEqual(['good-2'])
  const { CreationTime } = await client.send(
    new DescribeProcessingJobCommand({ ProcessingJobName: 'good-2' }),
  )
  expect(await names({ CreationTimeAfter: new Date(CreationTime!.getTime() - 1) })).toContain('good-2')
  expect(await names({ CreationTimeAfter: CreationTime })).toEqual([])
  const newest = { SortBy: 'CreationTime', SortOrder: 'Descending' }
  expect(await names({ ...newest, MaxResults: 1 })).toEqual(['good-2'])
})

test.each<[string, Record<string, unknown>]>([
  ['ProcessingJobName', { ProcessingJobName: 'a_b' }],
  ['ProcessingJobName', { ProcessingJobName: 'a'.repeat(64) }],
  ['RoleArn', { RoleArn: undefined }],
  ['InstanceCount', { ProcessingResources: cluster({ InstanceCount: 0 }) }],
  ['InstanceType', { ProcessingResources: cluster({ InstanceType: 'm5.2xlarge' }) }],
  ['VolumeSizeInGB', { ProcessingResources: cluster({ VolumeSizeInGB: 16_385 }) }],
  ['MaxRuntimeInSeconds', { StoppingCondition: { MaxRuntimeInSeconds: 777_601 } }],
  ['ContainerArguments', { AppSpecification: { ImageUri: 'i', ContainerArguments: ['x'.repeat(257)] } }],
  ['ContainerArguments', { AppSpecification: { ImageUri: 'i', ContainerArguments: Array(101).fill('x') } }],
  ['Environment', { Environment: { NAME: 'x'.repeat(257) } }],
  ['ProcessingInputs', { ProcessingInputs: [{ InputName: 'raw' }] }],
  ['EnableNetworkIsolation', { NetworkConfig: { EnableNetworkIsolation: true } }],
])('a request with a bad %s is refused by that name', async (field, overrides) => {
  const { service } = await start('')
  await expect(service.create({ ...request('job-1'), ...overrides })).rejects.toMatchObject({
    code: 'ValidationException',
    message: expect.stringContaining(field) as string,
  })
})

function cluster(overrides: object) {
  return { ClusterConfig: { ...request('x').ProcessingResources!.ClusterConfig, ...overrides } }
}

async function isGone(pid: number) {
  const lives = () => {
    try {
      process.kill(pid, 0)
      // A killed process remains as a zombie if its parent does not wait for it.
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
    } catch {
      return false
    }
  }
  await expect.poll(lives, { timeout: 10_000 }).toBe(false)
}

test('a stand-in does what a program would, on the clock that the service is given', async () => {
  const clock = virtualClock({ start: 1000 })
  const { run } = await start('', {
    clock,
    timers: clock,
    standIn({ request: { ProcessingJobName: name }, environment, mlRoot }) {
      const code = environment['AWS_ACCESS_KEY_ID'] === name && existsSync(mlRoot) ? 0 : 1
      return { pid: undefined, exited: clock.sleep(60_000).then(() => code), stop: () => undefined }
    },
  })
  const job = await run('job-1')
  expect(job.ProcessingJobStatus).toBe('Completed')
  expect([job.CreationTime, job.ProcessingEndTime].map(Number)).toEqual([1000, 61_000])
})

test('a stand-in is stopped when the time of its job is over', async () => {
  const clock = virtualClock({ start: 0 })
  const { run } = await start('', {
    clock,
    timers: clock,
    standIn() {
      const stopped = new AbortController()
      const exited = clock.sleep(7_200_000, stopped.signal).then(
        () => 0,
        () => 130,
      )
      return { pid: undefined, exited, stop: () => stopped.abort() }
    },
  })
  expect(await run('job-1')).toMatchObject({ ProcessingJobStatus: 'Stopped' })
  expect(clock.now()).toBe(3_600_000)
})

test('a job waits for its instance, and gives it back when it has ended', async () => {
  const clock = advancingClock()
  const limits = createLimits({ instances: { 'ml.m5.2xlarge': 1 }, startSeconds: 3600 })
  const { client, service, describe } = await start('', { clock, limits })
  const create = (name: string) => client.send(new CreateProcessingJobCommand(request(name)))
  await create('first')
  await expect(create('second')).rejects.toMatchObject({ name: 'ResourceLimitExceeded' })
  expect(service.pids()).toEqual([])
  expect((await describe('first')).ProcessingJobStatus).toBe('InProgress')
  clock.advance(3600_000)
  await service.ended('first')
  expect((await describe('first')).ProcessingJobStatus).toBe('Completed')
  // The quota refused the name earlier, so it counts as unused.
  await create('second')
  await client.send(new StopProcessingJobCommand({ ProcessingJobName: 'second' }))
  await service.ended('second')
  expect((await describe('second')).ProcessingJobStatus).toBe('Stopped')
})
