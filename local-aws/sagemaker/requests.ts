import { z } from 'zod'

/**
 * The requests of SageMaker Processing, with AWS's limits. What AWS takes as well and is not done here is refused by
 * name. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
 */
const short = z.string().max(256)
const jobName = z
  .string()
  .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'expected 1 to 63 letters, digits and inner hyphens')

const cluster = z.strictObject({
  InstanceCount: z.int().min(1).max(1, 'expected 1: several instances are not implemented here'),
  InstanceType: z.string().regex(/^ml\.[a-z0-9]+\.[a-z0-9]+$/, 'expected a type such as ml.m5.2xlarge'),
  VolumeSizeInGB: z.int().min(1).max(16_384),
  VolumeKmsKeyId: z.string().max(2048).optional(),
})

const ids = z.array(z.string().max(32)).min(1)

export const createProcessingJob = z.strictObject({
  ProcessingJobName: jobName,
  RoleArn: z
    .string()
    .min(20)
    .max(2048)
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/, 'expected the ARN of an IAM role'),
  AppSpecification: z.strictObject({
    ImageUri: z.string().min(1).max(255),
    ContainerEntrypoint: z.array(short).min(1).max(100).optional(),
    ContainerArguments: z.array(short).min(1).max(100).optional(),
  }),
  ProcessingResources: z.strictObject({ ClusterConfig: cluster }),
  StoppingCondition: z.strictObject({ MaxRuntimeInSeconds: z.int().min(1).max(777_600) }).optional(),
  Environment: z
    .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,255}$/, 'expected a name of a variable'), short)
    .refine((variables) => Object.keys(variables).length <= 100, 'expected at most 100 variables')
    .optional(),
  NetworkConfig: z
    .strictObject({
      EnableInterContainerTrafficEncryption: z.boolean().optional(),
      EnableNetworkIsolation: z.literal(false, 'expected false: the program needs S3').optional(),
      VpcConfig: z.strictObject({ SecurityGroupIds: ids.max(5), Subnets: ids.max(16) }).optional(),
    })
    .optional(),
  Tags: z
    .array(z.strictObject({ Key: z.string().min(1).max(128), Value: short }))
    .max(50)
    .optional(),
})

export type CreateProcessingJobRequest = z.infer<typeof createProcessingJob>

export const oneJob = z.strictObject({ ProcessingJobName: jobName })

export const listProcessingJobs = z.strictObject({
  NameContains: z.string().optional(),
  StatusEquals: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']).optional(),
  MaxResults: z.int().min(1).max(100).optional(),
})
