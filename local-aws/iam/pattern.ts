import { LocalAwsError } from '../errors.ts'

/** True if a text matches the pattern. */
export type Matcher = (text: string) => boolean

/**
 * Compiles a policy's pattern, in which `*` stands for any text and `?` for one character. Most patterns are plain
 * texts or prefixes, which need no regular expression.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
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
