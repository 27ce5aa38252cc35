import { join } from 'node:path'
import { LocalAwsError } from '../errors.ts'
import type { LambdaFunction } from '../lambda/runtime.ts'
import type { StackResource } from './stacks.ts'

/** A function of the stack with all that is needed to run it here. */
export interface LocalFunction extends LambdaFunction {
  readonly logicalId: string
  /** ARN of the role that it runs with. */
  readonly role: string | undefined
}

/**
 * A published version of a function: it keeps the handler, environment, timeout and role that it was published with.
 * Its ARN ends in its number; its name is the function's.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
export interface LocalVersion extends LocalFunction {
  /** Object key of the code; it is a digest of the code. */
  readonly code: string
  /** True if it stays deployed after a template drops it. */
  readonly isRetained: boolean
  /** True if the templates that were deployed last contain it. */
  readonly isDeclared: boolean
}

/** Splits the ARN of a version into the function's ARN and the number. */
export function versionId(arn: string): { readonly functionArn: string; readonly number: number } {
  const colon = arn.lastIndexOf(':')
  return { functionArn: arn.slice(0, colon), number: Number(arn.slice(colon + 1)) }
}

/** Folders of assets by the object key that a template names, relative to the folder of its stack. */
type Files = ReadonlyMap<string, string>

/**
 * Resolves a function of a template; the timeout defaults to 3 seconds.
 *
 * @throws LocalAwsError NotImplemented for code that is no asset of the stack
 */
export function functionOf({ id, properties, resolve, stack }: StackResource, files: Files): LocalFunction {
  const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, string> }
  const key = codeOf(id, properties)
  const source = files.get(key)
  if (source === undefined) throw notImplemented(`Asset ${key}`, 'an entry in the asset manifest', 'none')
  return {
    logicalId: id,
    name: resolve.nameOf(id),
    arn: resolve.arnOf(id),
    directory: join(stack.directory, source),
    handler: String(properties.Handler),
    environment: Variables,
    timeoutSeconds: Number(properties.Timeout ?? 3),
    role: properties.Role as string | undefined,
  }
}

/**
 * Returns the object key of a function's code; it is a digest of the code.
 *
 * @throws LocalAwsError NotImplemented for code that is no asset
 */
export function codeOf(id: string, { Code }: Readonly<Record<string, unknown>>): string {
  const { S3Key } = Code as { S3Key?: string }
  if (S3Key === undefined) throw notImplemented(`${id}/Code`, 'an asset', JSON.stringify(Code))
  return S3Key
}

function notImplemented(subject: string, expected: string, found: string): LocalAwsError {
  return new LocalAwsError('NotImplemented', `Template: ${subject}: expected ${expected}, found ${found}.`)
}
