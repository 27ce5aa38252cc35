import { iamTable } from '../../../lib/iam-table.ts'
import { EVERYTHING, synthesizeStack } from '../synthesized.ts'

const HEAD = `# What the roles may do

Made from the template by \`npm run docs\`, which a test holds it to: every statement with its reason. The template is that of a deployment called \`dayfold\` with the raw bucket \`raw-files\`, two datasets and every option on that adds permissions (keys, subnets). \`<account>\`, \`<region>\` and \`<partition>\` are those that are deployed to; a role is called as the output of the stack that holds its ARN.
`

/** Returns docs/iam.md as the templates give it. */
export function iamPage(): string {
  return `${HEAD}\n${iamTable(synthesizeStack(EVERYTHING).template.toJSON())}\n`
}
