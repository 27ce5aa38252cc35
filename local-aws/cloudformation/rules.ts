import type { Properties } from './types.ts'

/** A rule of EventBridge with its targets. Nothing runs it here; callers read its schedule and input. */
export interface LocalRule {
  readonly name: string
  readonly schedule: string | undefined
  readonly isEnabled: boolean
  readonly targets: readonly {
    readonly arn: string
    /** Constant JSON that is sent, if the target has one. */
    readonly input?: string
    /** JSON with `<name>` for values of the event, and the JSON paths of those values. */
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
 * Reads a rule from its resolved properties.
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
