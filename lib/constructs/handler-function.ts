import { join } from 'node:path'
import type { IGrantable, IPrincipal, Role } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Architecture, Code, Function, LoggingFormat, Runtime, type IVersion } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { HandlerEnvironment, HandlerName } from '../../core/environment.ts'
import { serviceRole } from './service-role.ts'

/** Handler, environment and limits of a Lambda function. */
export interface HandlerFunctionProps<H extends HandlerName> {
  /** Name of the handler, which ends the function's name. */
  readonly handler: H
  /** Prefix of the function's name. */
  readonly namePrefix: string
  /** Folder that holds the bundle of each handler. */
  readonly bundles: string
  /** Exactly the variables that the handler requires. */
  readonly environment: HandlerEnvironment<H>
  /** Seconds after which Lambda ends a call. */
  readonly timeoutSeconds: number
  /** Days for which the function's logs are kept. */
  readonly logRetentionDays: RetentionDays
  /** KMS key of the log group; undefined: the key of CloudWatch Logs. */
  readonly key: IKey | undefined
  readonly description: string
  /**
   * Name of the function's role.
   * @default a name that CloudFormation makes up
   */
  readonly roleName?: string
}

/**
 * Memory of every function in MB. CPU is in proportion to it, and the ledger of a day of 50,000 files is tens of MB of
 * JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const MEMORY_MB = 1024

/** A Lambda function that runs the bundled `lambda/handlers/<handler>.ts`, with its own log group and role. */
export class HandlerFunction<H extends HandlerName> extends Construct implements IGrantable {
  readonly function: Function
  /**
   * Version of the code in this deployment. An execution keeps using the version that its definition names; versions
   * are retained.
   */
  readonly version: IVersion
  /** Role of the function, with permission to write its logs. */
  readonly role: Role
  /** Principal that gets the permissions granted to this construct: the function's role. */
  readonly grantPrincipal: IPrincipal

  constructor(scope: Construct, id: string, props: HandlerFunctionProps<H>) {
    super(scope, id)
    const functionName = `${props.namePrefix}-${props.handler}`
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetentionDays,
      ...(props.key && { encryptionKey: props.key }),
      removalPolicy: RemovalPolicy.DESTROY,
    })
    // A role of its own, since the managed policy would let it write to every log group.
    this.role = serviceRole(this, 'Role', { service: 'lambda', ...props })
    logGroup.grantWrite(this.role)
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
      role: this.role,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    })
    this.version = this.function.currentVersion
    this.grantPrincipal = this.function.grantPrincipal
  }
}
