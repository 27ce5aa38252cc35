import { Repository } from 'aws-cdk-lib/aws-ecr'
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets'
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam'
import { Aws, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { PROCESSED, REPLACEMENTS, RUNS, STAGING } from '../../core/layout.ts'
import { RAW_ROLE_NAMES } from '../../core/names.ts'
import { IMAGE_URI } from '../../core/image-uri.ts'
import { serviceRole } from './service-role.ts'
import { allowSharedLogs } from './shared-logs.ts'
import type { Storage } from './storage.ts'

/** Image of the jobs' program, and what their role needs access to. */
export interface ProgramProps {
  /** Prefix of the role's name. */
  readonly name: string
  /** Prefix of the names of jobs and of their log streams. */
  readonly jobNamePrefix: string
  /** Folder that holds the bundled program: the build context of its image. */
  readonly directory: string
  /** URI of an existing image in ECR; undefined: one is built. */
  readonly imageUri: string | undefined
  /** Image upon which the built one is based; undefined: the Dockerfile's default. */
  readonly baseImage: string | undefined
  /** ARN of the KMS key that encrypts the jobs' volumes; undefined: the key of the service. */
  readonly kmsKeyArn: string | undefined
  readonly storage: Storage
  /** True if jobs run in subnets of the account, so that their role may create network interfaces. */
  readonly inVpc: boolean
}

/** The container image that the jobs run, and the role that they run with. */
export class Program extends Construct {
  /** URI of the image, an existing one or the one that the deployment builds. */
  readonly imageUri: string
  /** Role of the jobs. */
  readonly role: Role

  constructor(scope: Construct, id: string, props: ProgramProps) {
    super(scope, id)
    const { name, storage } = props
    const roleName = RAW_ROLE_NAMES.job(name, Aws.REGION)
    this.role = serviceRole(this, 'Role', { service: 'sagemaker', roleName })
    this.imageUri = props.imageUri ?? this.buildImage(props)
    if (props.imageUri !== undefined) this.grantPull(props.imageUri)
    storage.grantReadRaw(this.role)
    storage.grantList(this.role)
    // A job reads its staging to see whether an upload is complete when the answer got lost.
    storage.grant(this.role, 'read', RUNS, STAGING, PROCESSED, REPLACEMENTS)
    storage.grant(this.role, 'write', RUNS, STAGING)
    for (const statement of this.writeLogs(props.jobNamePrefix)) this.role.addToPolicy(statement)
    this.role.addToPolicy(writeMetrics())
    if (props.inVpc) this.role.addToPolicy(useNetwork())
    if (props.kmsKeyArn !== undefined) this.role.addToPolicy(encryptVolume(props.kmsKeyArn))
  }

  /** The tag of an image is a digest of its content: each definition keeps naming the image that it was made with. */
  private buildImage({ directory, baseImage }: ProgramProps): string {
    const image = new DockerImageAsset(this, 'Image', {
      directory,
      ...(baseImage !== undefined && { buildArgs: { BASE_IMAGE: baseImage } }),
      // Instances of processing jobs are x86.
      platform: Platform.LINUX_AMD64,
      // With the containerd store, Docker would push an OCI manifest, which SageMaker refuses.
      // https://github.com/aws/amazon-sagemaker-feedback/issues/180
      outputs: ['type=docker'],
    })
    image.repository.grantPull(this.role)
    return image.imageUri
  }

  private grantPull(imageUri: string): void {
    const { account, region, repository } = IMAGE_URI.exec(imageUri)!.groups!
    const place = { service: 'ecr', resource: 'repository', account: account!, region: region! }
    Repository.fromRepositoryAttributes(this, 'Repository', {
      repositoryName: repository!,
      repositoryArn: Stack.of(this).formatArn({ ...place, resourceName: repository! }),
    }).grantPull(this.role)
  }

  /**
   * The log group belongs to the account and is shared by all processing jobs; names of streams begin with their job's.
   * https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
   */
  private writeLogs(jobNamePrefix: string): PolicyStatement[] {
    const group = '/aws/sagemaker/ProcessingJobs'
    return [
      allowSharedLogs(this, `${group}*`, 'CreateLogGroup', 'CreateLogStream', 'DescribeLogStreams'),
      allowSharedLogs(this, `${group}:log-stream:${jobNamePrefix}*`, 'PutLogEvents'),
    ]
  }
}

/** SageMaker writes metrics of the instance's CPU, memory and disk with the job's role. */
function writeMetrics(): PolicyStatement {
  return new PolicyStatement({
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/ProcessingJobs' } },
  })
}

/**
 * Lets SageMaker make the network interfaces of jobs.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (CreateProcessingJob, with a VpcConfig)
 */
function useNetwork(): PolicyStatement {
  const manage = ['CreateNetworkInterface', 'CreateNetworkInterfacePermission', 'DeleteNetworkInterface']
  const describe = ['NetworkInterfaces', 'Vpcs', 'DhcpOptions', 'Subnets', 'SecurityGroups']
  const actions = [
    ...manage,
    'DeleteNetworkInterfacePermission',
    ...describe.map((what) => `Describe${what}`),
  ]
  return new PolicyStatement({ actions: actions.map((action) => `ec2:${action}`), resources: ['*'] })
}

/**
 * SageMaker encrypts a job's volume with the permissions of the job's role.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html (CreateProcessingJob)
 */
function encryptVolume(kmsKeyArn: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:CreateGrant', 'kms:DescribeKey'],
    resources: [kmsKeyArn],
    conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  })
}
