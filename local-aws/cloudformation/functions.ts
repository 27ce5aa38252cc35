import { join } from 'node:path'
import { LocalAwsError } from '../errors.ts'
import type { LambdaFunction } from '../lambda/runtime.ts'
import type { StackResource } from './stacks.ts'

/** A Lambda function of a template, with everything that is needed to run it on this machine. */
export interface LocalFunction extends LambdaFunction {
  /** Name of the resource in the template. */
  readonly logicalId: string
  /** ARN of the role whose permissions the function has; undefined if the template names none. */
  readonly role: string | undefined
}

/**
 * A published version of a function, which keeps the handler, environment, timeout and role that the function had when
 * it was published. Its ARN ends in the version's number; its `name` is that of the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
export interface LocalVersion extends LocalFunction {
  /** S3 object key of the code's asset, which is a digest of the code. */
  readonly code: string
  /** True if the version stays deployed when a later template no longer contains it. */
  readonly isRetained: boolean
  /** True if the templates of the deployment contain the version; false if it was only retained from an earlier one. */
  readonly isDeclared: boolean
}

/** Splits the ARN of a function's version into the ARN of the function and the version's number. */
export function versionId(arn: string): { readonly functionArn: string; readonly number: number } {
  const colon = arn.lastIndexOf(':')
  return { functionArn: arn.slice(0, colon), number: Number(arn.slice(colon + 1)) }
}

/** Folders of assets by the object key that a template names, relative to the folder of its stack. */
type Files = ReadonlyMap<string, string>

/**
 * Returns a Lambda function of a template in the form that the local Lambda runs. Without a timeout in the template it
 * gets 3 seconds, as on AWS.
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
 * Returns the S3 object key of a function's code, which is a digest of the code: equal keys mean equal code.
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
