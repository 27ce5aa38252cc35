import type { Properties } from './types.ts'

/**
 * An EventBridge rule of a template, with its targets. The local AWS never triggers it; users of the deployment read
 * its schedule and input.
 */
export interface LocalRule {
  readonly name: string
  /** Schedule expression such as `rate(1 day)`; undefined for a rule that reacts to events. */
  readonly schedule: string | undefined
  /** False if the template declares the state DISABLED. */
  readonly isEnabled: boolean
  readonly targets: readonly {
    readonly arn: string
    /** JSON text that is sent to the target in place of the event; absent if the target declares none. */
    readonly input?: string
    /**
     * JSON text to send in which `<name>` stands for a value of the event, and the JSON path of each such value by
     * name.
     */
    readonly inputTransformer?: {
      readonly template: string
      readonly paths: Readonly<Record<string, string>>
    }
  }[]
}

interface Target {
  readonly Arn: string
  readonly Input?: string
  readonly InputTransformer?: {
    readonly InputTemplate: string
    readonly InputPathsMap?: Record<string, string>
  }
}

/**
 * Reads an EventBridge rule from its resolved properties in a template.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
 */
export function ruleOf(name: string, properties: Properties): LocalRule {
  const targets = (properties.Targets ?? []) as readonly Target[]
  return {
    name,
    schedule: properties.ScheduleExpression as string | undefined,
    isEnabled: properties.State !== 'DISABLED',
    targets: targets.map(({ Arn, Input, InputTransformer }) => ({
      arn: Arn,
      ...(Input !== undefined && { input: Input }),
      ...(InputTransformer && {
        inputTransformer: {
          template: InputTransformer.InputTemplate,
          paths: InputTransformer.InputPathsMap ?? {},
        },
      }),
    })),
  }
}
