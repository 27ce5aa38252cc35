import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { ArnFormat, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { PROCESSED, REPLACEMENTS, RUNS, STAGING } from '../../core/layout.ts'
import type { Storage } from './storage.ts'

export interface ProgramProps {
  /** Folder that holds the bundled program: the build context of its image. */
  readonly directory: string
  readonly storage: Storage
  /** Whether jobs run in subnets of the account. */
  readonly inVpc: boolean
}

/** The container's program: its image, and the role that its jobs run with. */
export class Program extends Construct {
  readonly imageUri: string
  readonly role: Role

  constructor(scope: Construct, id: string, { directory, storage, inVpc }: ProgramProps) {
    super(scope, id)
    const image = new DockerImageAsset(this, 'Image', {
      directory,
      // Instances of processing jobs are x86.
      platform: Platform.LINUX_AMD64,
    })
    this.imageUri = image.imageUri
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') })
    image.repository.grantPull(this.role)
    storage.grantReadRaw(this.role)
    storage.grantList(this.role)
    // Staging is read to see whether an upload whose answer was lost is complete.
    storage.grant(this.role, 'read', RUNS, STAGING, PROCESSED, REPLACEMENTS)
    storage.grant(this.role, 'write', RUNS, STAGING)
    this.role.addToPolicy(this.writeLogs())
    this.role.addToPolicy(writeMetrics())
    if (inVpc) this.role.addToPolicy(useNetwork())
  }

  /** The log group is the account's, shared by all processing jobs. */
  private writeLogs(): PolicyStatement {
    const resourceName = '/aws/sagemaker/ProcessingJobs*'
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME
    return new PolicyStatement({
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
      ],
      resources: [
        Stack.of(this).formatArn({ service: 'logs', resource: 'log-group', resourceName, arnFormat }),
      ],
    })
  }
}

/** SageMaker writes the instance's CPU, memory and disk metrics with the job's role. */
function writeMetrics(): PolicyStatement {
  return new PolicyStatement({
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/ProcessingJobs' } },
  })
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (CreateProcessingJob, with a VpcConfig) */
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
