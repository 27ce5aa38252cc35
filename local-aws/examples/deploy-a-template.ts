import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { DEFAULT_PLACE, resolveTemplate, startLocalAws } from '@dayfold/local-aws'

// A template as `cdk synth` writes it, here by hand.
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } }
const greet = { Type: 'Pass', Output: "{% 'Hello, ' & $states.input.name %}", End: true }
const definition = { QueryLanguage: 'JSONata', StartAt: 'Greet', States: { Greet: greet } }
const template = {
  Resources: {
    Shop: { Type: 'AWS::Glue::Database', Properties: { DatabaseInput: { Name: 'shop' } } },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [trust] } } },
    Hello: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        DefinitionString: JSON.stringify(definition),
      },
    },
  },
}

const deployment = resolveTemplate(template, { ...DEFAULT_PLACE, directory: '.', assets: {} })
const home = mkdtempSync(join(tmpdir(), 'local-aws-'))
const aws = await startLocalAws({ deployment, place: DEFAULT_PLACE, home, mode: 'run' })

const { endpoint, region, credentials } = aws
const states = new SFNClient({ endpoint, region, credentials })
const [machine] = deployment.stateMachines
const input = JSON.stringify({ name: 'world' })
const { executionArn } = await states.send(
  new StartExecutionCommand({ stateMachineArn: machine!.arn, input }),
)
const ended = async () => {
  for (;;) {
    const execution = await states.send(new DescribeExecutionCommand({ executionArn }))
    if (execution.status !== 'RUNNING') return execution
  }
}
const { status, output } = await ended()
console.log(status, output)

states.destroy()
await aws.close()
