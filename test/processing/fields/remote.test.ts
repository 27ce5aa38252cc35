import { expect, test } from 'vitest'
import { remote } from '../../../processing/fields/remote.ts'

test.each([
  [true, 'On-site only', '', true],
  [false, 'Remote nurse', '', false],
  [' Yes ', null, null, true],
  ['no', 'Remote', '', false],
  ['maybe', 'Remote Nurse', '', true],
  [null, 'Entwickler (Homeoffice)', '', true],
  [null, 'Developer (no remote)', 'fully remote', false],
  [undefined, 'Nurse', 'This is a fully remote position.', true],
  [undefined, 'Nurse', 'Two days of remote work a week.', null],
  [undefined, 'Nurse', 'On-site only.', false],
  [undefined, 'エンジニア（フルリモート）', '', true],
  [undefined, 'Programista', 'Praca 100% zdalna.', true],
  [undefined, 'Remotely operated vehicle pilot', '', null],
  [{}, 7, [], null],
])('with %j, %j and %j, remote is %s', (flag, title, description, expected) => {
  expect(remote(flag, title, description)).toBe(expected)
})
