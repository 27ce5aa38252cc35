import { expect, test } from 'vitest'
import { tokens } from '../../../processing/fields/tokens.ts'

test.each([
  ['Senior Software Engineer (C++/C#)', ['senior', 'software', 'engineer', 'c++', 'c#']],
  ["Infirmier(ère) de l'équipe", ['infirmier', 'ère', 'de', 'l', 'équipe']],
  ['介護スタッフ – 東京', ['介護スタッフ', '東京']],
  ['👍 !', []],
  [' ', []],
  [7, []],
])('the tokens of %j are %j', (value, expected) => {
  expect(tokens(value)).toEqual(expected)
})
