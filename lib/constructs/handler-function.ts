import { join } from 'node:path'
import { Role, ServicePrincipal, type IGrantable, type IPrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { HandlerEnvironment, HandlerName } from '../../core/environment.ts'

export interface HandlerFunctionProps<H extends HandlerName> {
  readonly handler: H
  /** Begins the function's name. */
  readonly namePrefix: string
  /** Folder that holds the bundle of each handler. */
  readonly bundles: string
  /** Exactly what the handler requires. */
  readonly environment: HandlerEnvironment<H>
  readonly timeoutSeconds: number
  readonly logRetentionDays: RetentionDays
  readonly description: string
}

/**
 * All functions have this much memory, in MB. CPU comes in proportion, and the ledger of a day of 50,000 files is
 * tens of MB of JSON. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const MEMORY_MB = 1024

/** A Lambda function that runs the bundled `lambda/handlers/<handler>.ts`, with a log group and a role of its own. */
export class HandlerFunction<H extends HandlerName> extends Construct implements IGrantable {
  readonly function: Function
  readonly grantPrincipal: IPrincipal

  constructor(scope: Construct, id: string, props: HandlerFunctionProps<H>) {
    super(scope, id)
    const functionName = `${props.namePrefix}-${props.handler}`
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    // A role of its own: the managed policy would let it write to every log group.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(role)
    this.function = new Function(this, 'Function', {
      functionName,
      description: props.description,
      code: Code.fromAsset(join(props.bundles, props.handler)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      // Nothing in a handler's bundle is native, and Graviton costs a fifth less.
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...props.environment },
      loggingFormat: LoggingFormat.TEXT,
      logGroup,
      role,
    })
    this.grantPrincipal = this.function.grantPrincipal
  }
}
