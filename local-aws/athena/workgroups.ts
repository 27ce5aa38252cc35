import { AwsError } from '../protocol/service.ts'

/** A workgroup as the template declares it. */
export interface WorkgroupDeclaration {
  readonly Name: string
  readonly WorkGroupConfiguration?: unknown
}

interface Configuration {
  readonly ResultConfiguration?: { readonly OutputLocation?: string }
  /** @default true, as CloudFormation has it */
  readonly EnforceWorkGroupConfiguration?: boolean
}

/**
 * Where a query's results go: the workgroup's place, unless it lets the client choose.
 * https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html
 *
 * @returns an `s3://` URI that ends with a slash
 * @throws AwsError InvalidRequestException for an unknown workgroup, or when nobody names a place
 */
export function resultLocation(
  workgroups: readonly WorkgroupDeclaration[],
  name: string,
  asked: string | undefined,
): string {
  const workgroup = workgroups.find((candidate) => candidate.Name === name)
  if (!workgroup) throw new AwsError('InvalidRequestException', `WorkGroup ${name} is not found.`)
  const settings = (workgroup.WorkGroupConfiguration ?? {}) as Configuration
  const own = settings.ResultConfiguration?.OutputLocation
  const isEnforced = settings.EnforceWorkGroupConfiguration ?? true
  const location = isEnforced ? own : (asked ?? own)
  if (location !== undefined) return `${location.replace(/\/$/, '')}/`
  throw new AwsError('InvalidRequestException', `No output location provided for workgroup ${name}.`)
}
