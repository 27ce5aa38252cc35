import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  type RouteTable,
  type VpcEndpoint,
} from '@aws-sdk/client-ec2'
import type { AwsWorld } from './aws-world.ts'
import { fault, ok, reasonOf, warning, type Check, type Outcome } from './diagnosis.ts'

/**
 * Checks that the configured subnets and security groups exist in one VPC, and that jobs reach S3 and CloudWatch Logs
 * from there.
 */
export const network: Check<AwsWorld> = {
  name: 'network',
  async run(world) {
    if (world.plan.subnetIds.length === 0) return [ok("jobs run in SageMaker's own network")]
    const vpcs = await vpcsOf(world)
    if (!(vpcs instanceof Set)) return [vpcs]
    if (vpcs.size > 1)
      return [
        fault(
          'subnets and security groups of one VPC',
          [...vpcs].join(', '),
          'Set subnetIds and securityGroupIds of one VPC.',
        ),
      ]
    const [vpc] = vpcs
    return await waysOut(world, vpc!)
  },
}

async function vpcsOf({ clients: { ec2 }, plan }: AwsWorld): Promise<Set<string> | Outcome> {
  try {
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...plan.subnetIds] }))
    const groups = new DescribeSecurityGroupsCommand({ GroupIds: [...plan.securityGroupIds] })
    const { SecurityGroups = [] } = await ec2.send(groups)
    return new Set([...Subnets, ...SecurityGroups].map(({ VpcId }) => VpcId!))
  } catch (error) {
    if (!(error instanceof Error) || !/^Invalid(SubnetID|Group|GroupId)\b/.test(error.name)) throw error
    const remedy = 'Set subnetIds and securityGroupIds in cdk.json to those of this account and region.'
    return fault('subnets and security groups that exist', reasonOf(error), remedy)
  }
}

/** Finds each subnet's routes out of the VPC: https://docs.aws.amazon.com/sagemaker/latest/dg/process-vpc.html */
async function waysOut({ clients: { ec2 }, plan, place }: AwsWorld, vpc: string): Promise<Outcome[]> {
  const inVpc = { Name: 'vpc-id', Values: [vpc] }
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters: [inVpc] }))
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters: [inVpc] }))
  const toService = (service: string) =>
    VpcEndpoints.filter(
      ({ ServiceName, State }) =>
        ServiceName?.endsWith(`.${place.region}.${service}`) && State?.toLowerCase() === 'available',
    )
  const [s3, logs] = [toService('s3'), toService('logs')]
  return plan.subnetIds.map((subnet) => judgeSubnet(subnet, tableOf(subnet, RouteTables), s3, logs))
}

/** A subnet without its own route table uses the VPC's main one. */
function tableOf(subnet: string, tables: readonly RouteTable[]): RouteTable | undefined {
  const own = tables.find(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === subnet))
  return own ?? tables.find(({ Associations }) => Associations?.some(({ Main }) => Main))
}

function judgeSubnet(
  subnet: string,
  table: RouteTable | undefined,
  s3: readonly VpcEndpoint[],
  logs: readonly VpcEndpoint[],
): Outcome {
  const open = table?.Routes?.some(
    (route) =>
      route.DestinationCidrBlock === '0.0.0.0/0' &&
      (route.NatGatewayId ?? route.TransitGatewayId ?? route.NetworkInterfaceId),
  )
  const gateway = s3.some(({ RouteTableIds }) => RouteTableIds?.includes(table?.RouteTableId ?? ''))
  const hasS3 = gateway || s3.some(({ PrivateDnsEnabled }) => PrivateDnsEnabled)
  const endpoint = 'a gateway endpoint of S3 in the route table of the subnet'
  const remedy = `Add ${endpoint}: it costs nothing, and raw files of every day go through it.`
  if (!hasS3 && !open) return fault(`${subnet}: ${endpoint}`, 'no way to S3', remedy)
  if (!hasS3)
    return warning(
      `${subnet}: ${endpoint}`,
      'only a way through the internet, which is paid by the byte',
      remedy,
    )
  if (!open && !logs.some(({ PrivateDnsEnabled }) => PrivateDnsEnabled))
    return warning(
      `${subnet}: a way to CloudWatch Logs`,
      'none, so that jobs may leave no logs',
      'Add an interface endpoint of CloudWatch Logs (logs) with private DNS.',
    )
  return ok(`${subnet} reaches S3 and CloudWatch Logs`)
}
