import { expect, test } from 'vitest'
import { errorText } from '../../bin/error-text.ts'

test('a full disk is told with what to do, and no stack', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  expect(errorText(error, false)).toBe(
    'The disk is full (ENOSPC). Make room, then run again: what was published stays as it is.',
  )
  expect(errorText(Object.assign(error, { path: '/home/x' }), false)).toContain('(ENOSPC at /home/x)')
})

test('of other errors the message is told, and the stack to whoever asks for it', () => {
  const error = new Error('no such home')
  expect(errorText(error, false)).toBe('no such home')
  expect(errorText(error, true)).toContain('error-text.test.ts')
  expect(errorText('text', false)).toBe('text')
})
