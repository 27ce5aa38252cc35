import { LocalAwsError } from '../errors.ts'

/** Compiled pattern of a policy: returns true if all of a text matches it. */
export type Matcher = (text: string) => boolean

/**
 * Compiles a pattern of actions, resources or values in a policy: `*` stands for any text, also an empty one, and `?`
 * for one character. It is case-sensitive. Plain texts and prefixes, which most patterns are, use no regular
 * expression, for speed. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 *
 * @throws LocalAwsError NotImplemented for a policy variable
 */
export function matcher(pattern: string): Matcher {
  if (pattern.includes('${')) {
    const expected = 'expected no policy variables, which are not implemented here'
    throw new LocalAwsError('NotImplemented', `Policy: ${expected}, found "${pattern}".`)
  }
  if (!/[*?]/.test(pattern)) return (text) => text === pattern
  const prefix = pattern.slice(0, -1)
  if (pattern.endsWith('*') && !/[*?]/.test(prefix)) return (text) => text.startsWith(prefix)
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(`^${source}$`, 's')
  return (text) => expression.test(text)
}
