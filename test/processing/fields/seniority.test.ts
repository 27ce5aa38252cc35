import { expect, test } from 'vitest'
import { seniority } from '../../../processing/fields/seniority.ts'

test.each([
  ['Senior Software Engineer', '', 'senior'],
  ['SR. Analyst', '', 'senior'],
  ['Engenheiro Sênior / Júnior', '', 'junior'],
  ['Praktikant (m/w/d) für den Geschäftsführer', '', 'intern'],
  ['Director of Senior Care', '', 'director'],
  ['Teamleiterin Pflege', '', 'lead'],
  ['Staff Nurse', '', null],
  ['Seniority analyst', '', null],
  ['シニアエンジニア', '', 'senior'],
  ['Nurse', 'An entry-level position.', 'junior'],
  ['Nurse', 'DÉBUTANTS ACCEPTÉS. No Experience Needed', 'junior'],
  ['介護スタッフ', '未経験の方も歓迎します', 'junior'],
  ['Nurse', `${'We care. '.repeat(50)} entry-level`, null],
  ['constructor', 'We report to senior directors.', null],
  [null, null, null],
  [['senior'], 7, null],
])('the seniority of %j with %j is %s', (title, description, expected) => {
  expect(seniority(title, description)).toBe(expected)
})
