import type { CreateProcessingJobCommandInput, ProcessingInstanceType } from '@aws-sdk/client-sagemaker'
import { Aws } from 'aws-cdk-lib/core'
import { JOB_ARGUMENTS, type JobEnvironment } from '../../core/environment.ts'
import type { Config } from '../config.ts'
import { JOB_NAME } from './dataset-day-flow.ts'
import { jsonata } from './invoke.ts'
import type { Program } from './program.ts'

/**
 * Returns the CreateProcessingJob request for any dataset-day, with JSONata expressions for values that differ. It has
 * no inputs or outputs: the program reads its work order and the raw files straight from S3.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
 *
 * @param dataBucket name of the data bucket
 */
export function jobRequest(
  config: Config,
  program: Program,
  dataBucket: string,
): CreateProcessingJobCommandInput {
  return {
    ProcessingJobName: jsonata(JOB_NAME),
    RoleArn: program.role.roleArn,
    AppSpecification: {
      ImageUri: program.imageUri,
      ContainerArguments: [
        JOB_ARGUMENTS.workOrder,
        jsonata('$planned.workOrder'),
        JOB_ARGUMENTS.featureVersion,
        jsonata('$planned.featureVersion'),
      ],
    },
    Environment: { AWS_REGION: Aws.REGION, DATA_BUCKET: dataBucket } satisfies JobEnvironment,
    ProcessingResources: {
      ClusterConfig: {
        InstanceCount: 1,
        InstanceType: ofDataset('instanceType', config.instanceType) as ProcessingInstanceType,
        VolumeSizeInGB: ofDataset('volumeSizeGb', config.volumeSizeGb) as unknown as number,
        ...(config.kmsKeyArn !== undefined && { VolumeKmsKeyId: config.kmsKeyArn }),
      },
    },
    StoppingCondition: { MaxRuntimeInSeconds: config.maxRuntimeSeconds },
    ...(config.subnetIds.length > 0 && {
      NetworkConfig: { VpcConfig: { Subnets: config.subnetIds, SecurityGroupIds: config.securityGroupIds } },
    }),
    Tags: [
      { Key: 'dayfold:dataset', Value: jsonata('$day.dataset') },
      // Jobs do not inherit the tags of the stack.
      ...Object.entries(config.tags).map(([Key, Value]) => ({ Key, Value })),
    ],
  } satisfies CreateProcessingJobCommandInput
}

/** Returns JSONata for the dataset's setting in PlanDay's answer, or else the value for all datasets. */
function ofDataset(setting: 'instanceType' | 'volumeSizeGb', otherwise: string | number): string {
  const planned = `$planned.${setting}`
  const literal = typeof otherwise === 'string' ? `'${otherwise}'` : otherwise
  return jsonata(`$exists(${planned}) ? ${planned} : ${literal}`)
}
