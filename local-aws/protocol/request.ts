import type { z } from 'zod'
import { AwsError } from './service.ts'

/**
 * The request that `input` holds.
 *
 * @param code the service's own name for a bad request
 * @throws AwsError of that code, which names every field that is unknown, missing or has a bad value
 */
export function parseRequest<T>(schema: z.ZodType<T>, input: unknown, code: string): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(describe)
  throw new AwsError(code, `Request: ${problems.join('; ')}.`)
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => (path === '' ? key : `${path}.${key}`))
    return `expected no other fields than are implemented here, found ${names.join(', ')}`
  }
  return `${path === '' ? 'the whole' : path}: ${issue.message}`
}
