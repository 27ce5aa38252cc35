import { describe, expect, it } from 'vitest'
import { inParallel } from '../../aws/in-parallel.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'

describe('work in parallel', () => {
  it('gives results in the order of the items, whichever is ready first', async () => {
    const last = latch()
    const results = await inParallel([1, 2, 3], async (item) => {
      if (item === 3) last.open()
      else await last.opened
      return item * 10
    })
    expect(results).toEqual([10, 20, 30])
  })

  it('has as many items under way as the limit allows, and no more', async () => {
    let [underWay, most] = [0, 0]
    await inParallel(
      Array.from({ length: 20 }, (_, index) => index),
      async () => {
        most = Math.max(most, ++underWay)
        await new Promise(setImmediate)
        underWay--
      },
      3,
    )
    expect(most).toBe(3)
  })

  it('throws the first failure once what was under way has ended, and begins nothing more', async () => {
    const slow = latch()
    const begun: number[] = []
    const ended: number[] = []
    const done = inParallel(
      [1, 2, 3, 4],
      async (item) => {
        begun.push(item)
        if (item === 1) throw new Error('the first')
        await slow.opened
        ended.push(item)
        if (item === 2) throw new Error('another')
      },
      2,
    )
    let isOver = false
    const settled = done.then(
      () => undefined,
      (error: unknown) => {
        isOver = true
        return error
      },
    )
    await new Promise(setImmediate)
    expect(isOver).toBe(false)
    slow.open()
    expect(await settled).toEqual(new Error('the first'))
    expect(begun).toEqual([1, 2])
    expect(ended).toEqual([2])
  })

  it('is done at once without items', async () => {
    expect(await inParallel([], () => Promise.reject(new Error('not expected')))).toEqual([])
  })
})
