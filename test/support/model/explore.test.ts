import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { explore } from './explore.ts'
import type { Stage } from './performance.ts'
import type { Actor, Scenario } from './scenario.ts'
import { Cells } from './services/cells.ts'
import { glueOperations } from './services/glue.ts'
import { s3Operations } from './services/s3.ts'

const SERVICES = { s3: s3Operations(() => false), glue: glueOperations({ tables: [], crawlers: [] }) }

function scenario(actors: readonly Actor[], more: Partial<Scenario> = {}): Scenario {
  return {
    name: 'a test',
    services: SERVICES,
    world: { cells: Cells.empty, now: 0 },
    actors,
    time: { stepSeconds: 10, steps: 0 },
    judgeCall: () => undefined,
    judgeActor: (name, end) => (end.kind === 'threw' ? `${name} threw ${String(end.error)}` : undefined),
    judgeWorld: () => Promise.resolve(undefined),
    ...more,
  }
}

const put = ({ s3 }: Stage, Key: string, Body: string) =>
  s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }))
const get = async ({ s3 }: Stage, Key: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'data', Key }))
  return Buffer.from(await Body!.transformToByteArray()).toString()
}

/** Makes an actor that reads a number and writes the next one, beside a cell that only it touches. */
const counter = (name: string): Actor => ({
  name,
  programs: [
    async (stage) => {
      await put(stage, `own/${name}`, '1')
      const count = Number(await get(stage, 'count').catch(() => '0'))
      await put(stage, 'count', String(count + 1))
      await put(stage, `own/${name}`, '2')
      return count
    },
  ],
})

test('of two that read and write, one may overwrite what the other has written', async () => {
  const lost = await explore(scenario([counter('one'), counter('two')]))
  expect(lost).toMatchObject({ closed: true, violations: 0 })
  // Either both have counted, or one count was lost.
  expect(lost.ends.size).toBe(2)
})

test('what is left out is the same as what is followed', async () => {
  const actors = [counter('one'), counter('two'), counter('three')]
  const all = await explore(scenario(actors), { isReduced: false })
  const few = await explore(scenario(actors))
  expect(few.ends).toEqual(all.ends)
  expect(few.done).toEqual(all.done)
  expect(few.states).toBeLessThan(all.states / 2)
})

test('a search that is not depth first meets the same states', async () => {
  const actors = [counter('one'), counter('two')]
  const deep = await explore(scenario(actors))
  const anywhere = await explore(scenario(actors), { random: (limit) => limit - 1 })
  expect(anywhere.states).toBe(deep.states)
  expect(anywhere.ends).toEqual(deep.ends)
})

test('a function crashes between any two of its calls, once', async () => {
  const program = async (stage: Stage) => {
    await stage.invoke('function', 5, async () => {
      await put(stage, 'a', 'a')
      await put(stage, 'b', 'b')
    })
  }
  const { ends, closed } = await explore(scenario([{ name: 'one', mayCrash: true, programs: [program] }]))
  // Either nothing, or a, or a and b.
  expect([closed, ends.size]).toEqual([true, 3])
})

test('time does not pass while a function runs, and passes while a slow one does', async () => {
  const at = (lifeSeconds: number) => async (stage: Stage) => {
    await stage.invoke('function', lifeSeconds, (begunAt) => put(stage, 'begun', begunAt))
    await stage.invoke('function', lifeSeconds, (begunAt) => put(stage, `ended-${begunAt}`, ''))
  }
  const time = { stepSeconds: 10, steps: 1 }
  const ticker: Actor = {
    name: 'ticker',
    programs: [(stage) => stage.invoke('tick', 5, () => put(stage, 'x', 'x'))],
  }
  const { ends } = await explore(scenario([{ name: 'one', programs: [at(5)] }, ticker], { time }))
  // Either both at 0 s, or both at 10 s, or one each.
  expect(ends.size).toBe(3)
})

test('a violation is told with what led to it, a line a step', async () => {
  const judgeWorld = ({ cells }: Scenario['world']) =>
    Promise.resolve(
      cells.get<{ body: Buffer }>('data/count')!.value.body.toString() === '2' ? undefined : 'one was lost',
    )
  const { violations, examples } = await explore(scenario([counter('one'), counter('two')], { judgeWorld }))
  expect(violations).toBe(1)
  expect(examples[0]!.problem).toBe('one was lost')
  expect(examples[0]!.trace).toContain('    0 s  one  GetObject data/count  404 NoSuchKey')
  expect(examples[0]!.trace.filter((line) => line.includes('PutObject data/count'))).toHaveLength(2)
})

test('an actor that fails is a violation', async () => {
  const fails: Actor = { name: 'one', programs: [() => Promise.reject(new Error('no'))] }
  const waits: Actor = { name: 'two', programs: [(stage) => get(stage, 'none')] }
  const { examples } = await explore(scenario([fails, waits]), { maxViolations: 5 })
  expect(examples.map(({ problem }) => problem)).toEqual([
    'one threw Error: no',
    'two threw NoSuchKey: NoSuchKey',
  ])
})

test('a command that the services do not know is told, not ignored', async () => {
  const asks: Actor = {
    name: 'one',
    programs: [({ s3 }) => s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'a', Range: 'bytes=0-1' }))],
  }
  const { examples } = await explore(scenario([asks]))
  expect(examples[0]!.problem).toMatch(/does not know the member Range/)
})
