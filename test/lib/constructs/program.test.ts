/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return
   -- templates have no types */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reasonsFor, type Statement } from '../../../lib/constructs/reasons.ts'
import { resolved, synthesizeStack, type Synthesized } from '../../support/synthesized.ts'

interface ImageAsset {
  readonly source: Readonly<Record<string, unknown>>
  readonly destinations: Readonly<Record<string, { readonly imageTag: string }>>
}

function imagesOf({ app }: Synthesized): ImageAsset[] {
  const file = join(app.outdir, 'dayfold.assets.json')
  const { dockerImages = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    dockerImages?: Record<string, ImageAsset>
  }
  return Object.values(dockerImages)
}

const imageUriOf = (stack: Synthesized): string =>
  stack.definition().States.Days.ItemProcessor.States.ProcessDay.Arguments.AppSpecification.ImageUri

describe('the image', () => {
  it('is named by a digest of its content, so that a definition keeps the one it was made with', () => {
    const stack = synthesizeStack({ baseImage: 'registry.example.com/node:24' })
    const [image, ...others] = imagesOf(stack)
    expect(others).toEqual([])
    const { imageTag } = Object.values(image!.destinations)[0]!
    expect(imageTag).toMatch(/^[0-9a-f]{64}$/)
    expect(imageUriOf(stack)).toContain(`:${imageTag}`)
    expect(image!.source).toMatchObject({
      platform: 'linux/amd64',
      dockerOutputs: ['type=docker'],
      dockerBuildArgs: { BASE_IMAGE: 'registry.example.com/node:24' },
    })
  })

  it('that is ready is taken as it is: nothing is built, and jobs may pull it', () => {
    const imageUri = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/dayfold:1.2.0'
    const stack = synthesizeStack({ imageUri })
    expect(imagesOf(stack)).toEqual([])
    expect(imageUriOf(stack)).toBe(imageUri)
    const statements = Object.values(stack.resources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
    )
    const pulls = statements.filter(({ Action }) => [Action].flat().includes('ecr:BatchGetImage'))
    expect(pulls.map(({ Resource }) => resolved(Resource))).toEqual([
      'arn:aws:ecr:eu-west-1:123456789012:repository/team/dayfold',
    ])
    expect(
      reasonsFor({ resource: resolved(pulls[0]!.Resource), actions: ['ecr:BatchGetImage'] }),
    ).toHaveLength(1)
  })
})

describe('releases', () => {
  const stack = synthesizeStack()
  const machine = JSON.stringify(stack.definition())

  it('are held apart: the definition names versions of functions, which stay when the next come', () => {
    const versions = stack.template.findResources('AWS::Lambda::Version')
    expect(Object.keys(versions)).toHaveLength(6)
    for (const [id, version] of Object.entries(versions)) {
      expect(version).toMatchObject({ DeletionPolicy: 'Retain' })
      expect(machine).toContain(`<${id}>`)
    }
  })

  it('that are older may still be invoked', () => {
    const functions = Object.keys(stack.resources('AWS::Lambda::Function'))
    const invoked = JSON.stringify(stack.resources('AWS::IAM::Policy'))
    for (const id of functions)
      expect(invoked).toContain(`{"Fn::Join":["",[{"Fn::GetAtt":["${id}","Arn"]},":*"]]}`)
  })
})

describe('roles', () => {
  const roles = Object.values(synthesizeStack().resources('AWS::IAM::Role')).map(
    ({ Properties }) => Properties,
  )

  it('are taken for this account only, by the services that say for which they act', () => {
    for (const { AssumeRolePolicyDocument } of roles) {
      const [{ Principal, Condition }] = AssumeRolePolicyDocument.Statement
      const saysSo = /^(sagemaker|states|events)\./.test(Principal.Service)
      expect([Principal.Service, Condition?.StringEquals]).toEqual([
        Principal.Service,
        saysSo ? { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } : undefined,
      ])
    }
  })

  it('that read the raw bucket have names that its owner can know beforehand', () => {
    const names = roles.flatMap(({ RoleName }) => (RoleName === undefined ? [] : [resolved(RoleName)]))
    expect(names.sort()).toEqual(['dayfold-job-us-east-1', 'dayfold-plan-day-us-east-1'])
  })
})

it('covers nothing of a deployment whose name goes on where this one ends', () => {
  const { template } = synthesizeStack()
  const texts = JSON.stringify(template.toJSON()).match(/"[^"]*dayfold[^"]*\*[^"]*"/g)!
  expect(texts.length).toBeGreaterThan(4)
  for (const text of texts) expect(text).not.toMatch(/dayfold(-[a-z]*)?\*/)
})
