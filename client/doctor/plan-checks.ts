import { fault, ok, warning, type Check } from './diagnosis.ts'
import type { DeploymentPlan } from './plan.ts'

const rawBucketName: Check<DeploymentPlan> = {
  name: 'rawBucketName',
  run({ rawBucket }) {
    const remedy = 'Set rawBucket in cdk.json to the bucket of the raw files.'
    const outcome =
      rawBucket === undefined ? fault('the name of a bucket', 'the placeholder', remedy) : ok(rawBucket)
    return Promise.resolve([outcome])
  },
}

/** Somebody should receive the alarms. */
const alarmEmail: Check<DeploymentPlan> = {
  name: 'alarmEmail',
  run({ alarmEmail }) {
    if (alarmEmail !== undefined) return Promise.resolve([ok(`alarms are sent to ${alarmEmail}`)])
    const remedy = 'Set alarmEmail in cdk.json, or subscribe to the topic that the stack makes.'
    return Promise.resolve([warning('an address that alarms are sent to', 'none', remedy)])
  },
}

/** Checks of the configuration alone, which need no account: the raw bucket's name and the address for alarms. */
export const PLAN_CHECKS = [rawBucketName, alarmEmail]
