import { expect, test } from 'vitest'
import { clashesOf, type PhoneClaim, sayClash } from '../../src/people/phone-shared.ts'

const claim = (id: string, number: string, more: Partial<PhoneClaim> = {}): PhoneClaim => ({
  ...{ id, number, hasLeft: false },
  ...more,
})

test('the number of the reception on fourteen people is blocked as shared for each of them', () => {
  const people = Array.from({ length: 14 }, (_, index) => claim(`p${index}`, '+420 224002400'))
  const clashes = clashesOf([...people, claim('own', '+420 777123456')])
  expect([...clashes.keys()]).toEqual(people.map(({ id }) => id))
  expect(new Set([...clashes.values()].map(sayClash))).toEqual(
    new Set(['the same number is on 13 other people']),
  )
})

test('two strangers with one number both need a look', () => {
  const clashes = clashesOf([claim('ann', '+45 12345678'), claim('bob', '+4512345678')])
  expect(clashes).toEqual(
    new Map([
      ['ann', { is: 'shared', with: 1 }],
      ['bob', { is: 'shared', with: 1 }],
    ]),
  )
})

test('the manager’s number on the assistant’s card is the manager’s', () => {
  const clashes = clashesOf([
    claim('assistant', '+45 12345678', { managerId: 'boss' }),
    claim('boss', '+45 12345678'),
  ])
  expect(clashes).toEqual(new Map([['assistant', { is: 'managers' }]]))
})

test('a leaver’s number on somebody new is a duplicate across time', () => {
  const clashes = clashesOf([
    claim('leaver', '+45 12345678', { hasLeft: true }),
    claim('newcomer', '+45 12345678'),
  ])
  expect(clashes).toEqual(new Map([['newcomer', { is: 'leavers' }]]))
})

test('somebody who is named twice shares with nobody, and leavers among themselves need no look', () => {
  const twice = [claim('ann', '+45 12345678'), claim('ann', '+45 12345678')]
  const gone = [claim('a', '+45 1', { hasLeft: true }), claim('b', '+45 1', { hasLeft: true })]
  expect(clashesOf([...twice, ...gone]).size).toBe(0)
})
