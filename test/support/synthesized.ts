import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib/core'
import { Template } from 'aws-cdk-lib/assertions'
import type { Deployment } from '../../core/deployment.ts'
import { HANDLER_NAMES } from '../../core/environment.ts'
import { parseConfig, type Config } from '../../lib/config.ts'
import { DataStack } from '../../lib/data-stack.ts'
import { DayfoldStack } from '../../lib/dayfold-stack.ts'
import { deploymentOf } from '../../lib/deployment.ts'
import { dataStackName } from '../../core/names.ts'
import type { DescribedDataset } from '../../lib/bundle/registry.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { DEFAULT_READ_SETTINGS } from '../../core/read-settings.ts'

// CDK would spend seconds on validating each template; one test does that for all.
process.env['CDK_VALIDATION'] = 'false'

/** Returns the context of cdk.json, which tests do not read by themselves. CDK bundles nothing. */
export function cdkContext(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'cdk.json'), 'utf8')) as {
    context: Record<string, unknown>
  }
  return { ...context, 'aws:cdk:bundling-stacks': [] }
}

const columns = [
  { name: 'id', kind: 'string', nullable: false },
  { name: 'tags', kind: 'list', nullable: false, element: { kind: 'string', nullable: false } },
  { name: 'seen_at', kind: 'timestamp', nullable: true },
] as const

/** Options that switch on everything that can be in the templates. */
export const EVERYTHING = {
  subnetIds: ['subnet-0a'],
  securityGroupIds: ['sg-0a'],
  kmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/data',
  rawKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/raw',
  alarmEmail: 'a@b.example',
  tags: { 'cost-centre': '4711' },
  bytesScannedCutoffPerQuery: 1e12,
}

/** Describes datasets of those names, with three columns each. */
export const describedDatasets = (...names: readonly string[]): DescribedDataset[] =>
  names.map((name) => ({ name, columns, ...DEFAULT_READ_SETTINGS, featureVersion: '0123456789abcdef' }))

const DATASETS = describedDatasets('alpha', 'beta_two')

/** A resource of a template. */
export interface Resource {
  readonly Type: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever CloudFormation allows
  readonly Properties: any
}

export interface Synthesized {
  readonly app: App
  readonly stack: DayfoldStack
  /** Template of the pipeline's stack. */
  readonly template: Template
  /** Template of the stack that is retained. */
  readonly data: Template
  readonly config: Config
  readonly deployment: Deployment
  /** Returns the resources of a type in both stacks, by logical id. */
  readonly resources: (type: string) => Record<string, Resource>
  /** Returns the definition of the state machine, with references replaced by `<logical id>`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the states language allows
  definition(): any
}

/** Synthesizes the stacks over two datasets, with empty bundles: the tests look at the relations between resources. */
export function synthesizeStack(
  overrides: Readonly<Record<string, unknown>> = {},
  datasets: readonly DescribedDataset[] = DATASETS,
): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-stack-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const context = { ...cdkContext(), rawBucket: 'raw-files', ...overrides }
  const app = new App({ context, outdir: join(folder, 'cdk.out') })
  const config = parseConfig(context)
  const deployment = deploymentOf(datasets, config.name, config)
  const release = { config, deployment, ...emptyBundles(folder) }
  const dataStack = new DataStack(app, dataStackName(config.name), { release })
  const stack = new DayfoldStack(app, config.name, { release })
  const template = Template.fromStack(stack)
  const data = Template.fromStack(dataStack)
  return { app, stack, template, data, config, deployment, ...readers(template, data) }
}

function emptyBundles(folder: string): { program: string; handlers: string } {
  const program = join(folder, 'program')
  const handlers = join(folder, 'handlers')
  mkdirSync(program)
  writeFileSync(join(program, 'Dockerfile'), 'FROM scratch')
  for (const name of HANDLER_NAMES) {
    mkdirSync(join(handlers, name), { recursive: true })
    writeFileSync(join(handlers, name, 'index.mjs'), 'export const handler = () => {}')
  }
  return { program, handlers }
}

function readers(...templates: readonly Template[]): Pick<Synthesized, 'resources' | 'definition'> {
  const resources = (type: string) =>
    Object.assign({}, ...templates.map((template) => template.findResources(type))) as Record<
      string,
      Resource
    >
  const definition = () => {
    const [machine] = Object.values(resources('AWS::StepFunctions::StateMachine'))
    const { DefinitionString } = machine!.Properties as { DefinitionString: unknown }
    return JSON.parse(resolved(DefinitionString)) as unknown
  }
  return { resources, definition }
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '000000000000',
  'AWS::URLSuffix': 'amazonaws.com',
}
const reference = (name: string) => PSEUDO_PARAMETERS[name] ?? `<${name}>`

/** Returns a value of a template as text, with references replaced by `<logical id>` or `<logical id.attribute>`. */
export function resolved(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  const [[kind, argument]] = Object.entries(value) as [[string, unknown]]
  if (kind === 'Ref') return reference(argument as string)
  if (kind === 'Fn::GetAtt') return reference((argument as string[]).join('.'))
  if (kind === 'Fn::Sub')
    return (argument as string).replace(/\$\{([^}]+)\}/g, (_, name: string) => reference(name))
  if (kind === 'Fn::Select') return selected(argument as Selection)
  if (kind !== 'Fn::Join') throw new Error(`${kind}: not foreseen`)
  const [separator, parts] = argument as [string, unknown[]]
  return parts.map(resolved).join(separator)
}

type Selection = [number | string, { readonly 'Fn::Split': readonly [string, unknown] }]

function selected([index, { 'Fn::Split': split }]: Selection): string {
  const [separator, text] = split
  return resolved(text).split(separator)[Number(index)] ?? ''
}
