import type { LocalRule } from '@dayfold/local-aws/cloudformation'

/**
 * Returns the input that a rule's only target gets for a scheduled event of that time, made by the rule's own
 * transformer. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function scheduledInput(rule: LocalRule, time: string): unknown {
  const event: Readonly<Record<string, unknown>> = {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: [`arn:aws:events:us-east-1:000000000000:rule/${rule.name}`],
    detail: {},
  }
  const { template, paths } = rule.targets[0]!.inputTransformer!
  const text = template.replace(/<([\w-]+)>/g, (_, name: string) => {
    const [, field] = /^\$\.([\w-]+)$/.exec(paths[name]!)!
    return JSON.stringify(event[field!])
  })
  return JSON.parse(text)
}
