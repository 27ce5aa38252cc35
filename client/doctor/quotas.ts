import {
  paginateListAWSDefaultServiceQuotas,
  paginateListServiceQuotas,
  type ServiceQuota,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas'
import type { AwsWorld } from './aws-world.ts'
import { fault, ok, warning, type Check, type Outcome } from './diagnosis.ts'
import { jobsByInstance } from './plan.ts'

const ServiceCode = 'sagemaker'

/** Name of an instance type's quota, as in https://docs.aws.amazon.com/sagemaker/latest/dg/regions-quotas.html */
const quotaName = (instanceType: string) => `${instanceType} for processing job usage`

/**
 * Checks that the account's quota for each instance type of the jobs covers the jobs that may run at once. In a new
 * account a quota may be 0.
 */
export const instanceQuotas: Check<AwsWorld> = {
  name: 'instanceQuotas',
  async run({ clients, plan }) {
    const needs = [...jobsByInstance(plan)]
    const quotas = await quotasNamed(clients.serviceQuotas, new Set(needs.map(([type]) => quotaName(type))))
    return needs.map(([type, jobs]) => judge(quotaName(type), jobs, quotas.get(quotaName(type))))
  },
}

function judge(name: string, jobs: number, quota: number | undefined): Outcome {
  const expected = `a quota of ${jobs} for "${name}", the jobs that run at once`
  const remedy = `Ask for ${jobs} (Service Quotas, Amazon SageMaker, "${name}"), or lower maxConcurrency.`
  if (quota === undefined)
    return warning(
      expected,
      'no such quota',
      'See that the instance type exists in this region for processing jobs.',
    )
  if (quota >= jobs) return ok(`${quota} for "${name}", ${jobs} needed`)
  return quota > 0
    ? warning(expected, `${quota}: other jobs wait for an instance`, remedy)
    : fault(expected, '0: no job can start', remedy)
}

/**
 * Returns the quotas with these names, as applied to the account, else AWS's defaults. Reads a few dozen pages of 100
 * each.
 * https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
 */
async function quotasNamed(
  client: ServiceQuotasClient,
  names: ReadonlySet<string>,
): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  const note = ({ QuotaName = '', Value }: ServiceQuota) => {
    if (names.has(QuotaName) && Value !== undefined && !found.has(QuotaName)) found.set(QuotaName, Value)
  }
  for (const paginate of [paginateListServiceQuotas, paginateListAWSDefaultServiceQuotas]) {
    for await (const page of paginate({ client }, { ServiceCode })) {
      for (const quota of page.Quotas ?? []) note(quota)
      if (found.size === names.size) return found
    }
  }
  return found
}
