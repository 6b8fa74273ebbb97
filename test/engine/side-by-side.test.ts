import { expect, test } from 'vitest'
import { onTheWay } from '../../src/engine/settle-on-the-way.ts'
import { inParts, sideBySide } from '../../src/engine/side-by-side.ts'
import { GraphFailure } from '../../src/graph/errors.ts'

test('every part is worked on once, in order, and never more at a time than asked for', async () => {
  let atWork = 0
  let most = 0
  const begun: number[] = []
  await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (part) => {
    begun.push(part)
    most = Math.max(most, ++atWork)
    for (let turn = 0; turn < part % 3; turn++) await Promise.resolve()
    atWork--
  })
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(most).toBe(3)
})

test('after a failure nothing new is begun, and what is under way ends first', async () => {
  const begun: number[] = []
  const ended: number[] = []
  const failing = sideBySide([1, 2, 3, 4], 2, async (part) => {
    begun.push(part)
    if (part === 1) throw new Error('the first')
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    ended.push(part)
  })
  await expect(failing).rejects.toThrow('the first')
  expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [2] })
})

test('the last part may be smaller', () => {
  expect(inParts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(inParts([], 2)).toEqual([])
})

test('one reading at a time is made beside the sending, and the next when enough were sent since', async () => {
  const ends: (() => void)[] = []
  const reading = onTheWay(10, () => new Promise((resolve) => ends.push(resolve)))
  reading.sent(9)
  expect(ends).toHaveLength(0)
  reading.sent(1)
  reading.sent(15)
  expect(ends).toHaveLength(1)
  ends[0]?.()
  await new Promise((resolve) => setImmediate(resolve))
  expect(ends).toHaveLength(2)
  reading.sent(15)
  const end = reading.end()
  ends[1]?.()
  await end
  expect(ends).toHaveLength(2)
})

test('a reading that Graph refuses stops nobody; one that could not be recorded does', async () => {
  const refused = onTheWay(1, async () => {
    throw new GraphFailure({ kind: 'unavailable', message: 'for now' })
  })
  refused.sent(1)
  await refused.end()
  const broken = onTheWay(1, async () => {
    throw new Error('the disk is full')
  })
  broken.sent(1)
  await expect(broken.end()).rejects.toThrow('the disk is full')
})
