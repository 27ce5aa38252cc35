import { expect, test } from 'vitest'
import { pointPartition } from '../../../lambda/ledger/partition.ts'
import { partitionLocation, pointElsewhere } from '../../support/lambda/partition-location.ts'
import { DAY, startWorld, type World } from '../../support/lambda/world.ts'

const FOLDER = 'replacements/jobs/x/'
const AT_FOLDER = `s3://data/${FOLDER}`
const ledgerOf = (world: World) => world.process('test', 'arn').ledger

test('a partition is made, moved where it points elsewhere, and else left', async () => {
  const world = await startWorld()
  await pointPartition(ledgerOf(world), DAY, FOLDER)
  expect(await partitionLocation(world)).toBe(AT_FOLDER)
  await pointElsewhere(world)
  await pointPartition(ledgerOf(world), DAY, FOLDER)
  expect(await partitionLocation(world)).toBe(AT_FOLDER)
  expect(world.writes.map(({ operation }) => operation)).toEqual(['CreatePartition', 'UpdatePartition'])
  await pointPartition(ledgerOf(world), DAY, FOLDER)
  expect(world.writes).toHaveLength(2)
})

test('a partition that another points elsewhere meanwhile is moved once more', async () => {
  const world = await startWorld()
  world.afterWrite = async () => {
    world.afterWrite = undefined
    await pointElsewhere(world)
  }
  await pointPartition(ledgerOf(world), DAY, FOLDER)
  expect(await partitionLocation(world)).toBe(AT_FOLDER)
  expect(world.writes).toHaveLength(2)
})

test('a partition that others keep pointing elsewhere is given up', async () => {
  const world = await startWorld()
  world.afterWrite = () => pointElsewhere(world)
  await expect(pointPartition(ledgerOf(world), DAY, FOLDER)).rejects.toThrow(
    `jobs 2024-01-02: expected its partition at ${AT_FOLDER}, found that others point it elsewhere`,
  )
  expect(world.writes).toHaveLength(3)
})

test('a partition is not pointed elsewhere with less than 30 s left to look at the result', async () => {
  const world = await startWorld()
  const pointed = (milliseconds: number) =>
    pointPartition({ ...ledgerOf(world), millisecondsLeft: () => milliseconds }, DAY, FOLDER)
  await expect(pointed(29_999)).rejects.toThrow('jobs 2024-01-02: no time left to switch')
  expect(world.writes).toEqual([])
  await pointed(30_000)
  expect(await partitionLocation(world)).toBe(AT_FOLDER)
  // There is nothing to switch.
  await pointed(0)
})
