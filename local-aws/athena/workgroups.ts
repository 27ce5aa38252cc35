import { AwsError } from '../protocol/aws-error.ts'
import { parseS3Uri } from '../s3/s3-uri.ts'

/** An Athena workgroup as the template declares it. */
export interface WorkgroupDeclaration {
  readonly Name: string
  /** CloudFormation's WorkGroupConfiguration; only the location of results and its enforcement are read. */
  readonly WorkGroupConfiguration?: unknown
}

interface Configuration {
  readonly ResultConfiguration?: { readonly OutputLocation?: string }
  /** True if clients cannot choose the location. @default true, as in CloudFormation */
  readonly EnforceWorkGroupConfiguration?: boolean
}

/**
 * Returns the S3 location for the results of a query: that of the workgroup, or the client's if the workgroup lets
 * clients choose and one is given.
 *
 * @param asked location in the request; undefined if it names none
 * https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html
 *
 * @returns an `s3://` URI that ends with a slash
 * @throws AwsError InvalidRequestException for an unknown workgroup, without any location, or for one outside S3
 */
export function resultLocation(
  workgroups: readonly WorkgroupDeclaration[],
  name: string,
  asked: string | undefined,
): string {
  const workgroup = workgroups.find((candidate) => candidate.Name === name)
  if (!workgroup) throw invalid(`WorkGroup ${name} is not found.`)
  const settings = (workgroup.WorkGroupConfiguration ?? {}) as Configuration
  const own = settings.ResultConfiguration?.OutputLocation
  const isEnforced = settings.EnforceWorkGroupConfiguration ?? true
  const location = isEnforced ? own : (asked ?? own)
  if (location === undefined) throw invalid(`No output location provided for workgroup ${name}.`)
  const prefix = `${location.replace(/\/$/, '')}/`
  if (!parseS3Uri(prefix)) throw invalid('outputLocation is not a valid S3 path.')
  return prefix
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', message)
}
