import type {
  CreateProcessingJobRequest,
  ListProcessingJobsRequest,
  ProcessingClusterConfig,
} from '@aws-sdk/client-sagemaker'
import { characters, matching, whole, type Served } from '../protocol/shapes.ts'

/**
 * Limits that several members share. The members listed in this file are those of requests that are acted upon here,
 * with AWS's limits; any other is refused.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
 */
const SHORT = characters(0, 256)
const ARGUMENTS = { each: SHORT, count: [1, 100] } as const
const IDS = { each: characters(0, 32) }
const JOB_NAME = matching(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, '1 to 63 letters, digits and inner hyphens')
const ROLE = matching(
  /^(?=.{20,2048}$)arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
  'the ARN of an IAM role',
)

const CLUSTER: Served<ProcessingClusterConfig> = {
  InstanceCount: (count) =>
    count === 1 ? undefined : 'expected 1: several instances are not implemented here',
  InstanceType: matching(/^ml\.[a-z0-9]+\.[a-z0-9]+$/, 'a type such as ml.m5.2xlarge'),
  VolumeSizeInGB: whole(1, 16_384),
  VolumeKmsKeyId: characters(0, 2048),
}

/**
 * Members of a CreateProcessingJob request that the local SageMaker accepts, with AWS's limits; any other is refused.
 */
export const JOB: Served<CreateProcessingJobRequest> = {
  ProcessingJobName: JOB_NAME,
  RoleArn: ROLE,
  AppSpecification: {
    ImageUri: characters(1, 255),
    ContainerEntrypoint: ARGUMENTS,
    ContainerArguments: ARGUMENTS,
  },
  ProcessingResources: { ClusterConfig: CLUSTER },
  StoppingCondition: { MaxRuntimeInSeconds: whole(1, 777_600) },
  Environment: {
    key: matching(/^[a-zA-Z_][a-zA-Z0-9_]{0,255}$/, 'a name of a variable'),
    each: SHORT,
    count: [0, 100],
  },
  NetworkConfig: {
    EnableInterContainerTrafficEncryption: true,
    EnableNetworkIsolation: (isOn) => (isOn ? 'expected false: the program needs S3' : undefined),
    VpcConfig: { SecurityGroupIds: { ...IDS, count: [1, 5] }, Subnets: { ...IDS, count: [1, 16] } },
  },
  Tags: { each: { Key: characters(1, 128), Value: SHORT }, count: [0, 50] },
}

/** The only member of requests about an existing job: its name. */
export const ONE_JOB = { ProcessingJobName: JOB_NAME }

/**
 * Members of a ListProcessingJobs request that the local SageMaker accepts. Jobs can only be listed newest first, at
 * most 100.
 */
export const LISTED: Served<ListProcessingJobsRequest> = {
  NameContains: true,
  StatusEquals: true,
  CreationTimeAfter: true,
  SortBy: (by) => (by === 'CreationTime' ? undefined : 'expected CreationTime'),
  SortOrder: (order) => (order === 'Descending' ? undefined : 'expected Descending'),
  MaxResults: whole(1, 100),
}
