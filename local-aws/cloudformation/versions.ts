import { LocalAwsError } from '../errors.ts'
import type { Deployed } from './deployed.ts'
import { codeOf, versionId, type LocalFunction, type LocalVersion } from './functions.ts'
import type { OfType, StackResource } from './stacks.ts'

/**
 * Returns a function that turns an `AWS::Lambda::Version` of a template into a published version, numbered as
 * CloudFormation would. A resource that the last deployment contained with the same code keeps its version; any other
 * gets the next number of its function. No number is used twice.
 *
 * @param deployed the record of earlier deployments
 * @param functionAt returns the resolved function of a resource
 */
export function versionPublisher(
  deployed: Deployed,
  ofType: OfType,
  functionAt: (resource: StackResource) => LocalFunction,
): (version: StackResource) => LocalVersion {
  const lastNumbers = new Map(Object.entries(deployed.lastNumbers))
  const published = new Map<StackResource, LocalVersion>()

  function publish(version: StackResource): LocalVersion {
    const { id: logicalId, isRetained } = version
    const resource = functionOf(version, ofType('AWS::Lambda::Function'))
    const is = functionAt(resource)
    const code = codeOf(resource.id, resource.properties)
    const earlier = deployed.versions.find(
      (one) =>
        one.isDeclared &&
        one.logicalId === logicalId &&
        one.code === code &&
        versionId(one.arn).functionArn === is.arn,
    )
    // The same code may be in another folder by now.
    if (earlier) return { ...earlier, directory: is.directory, isRetained }
    const number = (lastNumbers.get(is.arn) ?? 0) + 1
    lastNumbers.set(is.arn, number)
    return { ...is, logicalId, arn: `${is.arn}:${number}`, code, isRetained, isDeclared: true }
  }

  return (version) => {
    const known = published.get(version) ?? publish(version)
    published.set(version, known)
    return known
  }
}

/**
 * Finds the function that a version belongs to.
 *
 * @throws LocalAwsError InvalidConfiguration if the template has no such function
 */
function functionOf({ id, properties }: StackResource, functions: readonly StackResource[]): StackResource {
  const nameOrArn = String(properties.FunctionName)
  const found = functions.find(({ id, resolve }) =>
    [resolve.nameOf(id), resolve.arnOf(id)].includes(nameOrArn),
  )
  if (found) return found
  throw new LocalAwsError(
    'InvalidConfiguration',
    `Template: ${id}/FunctionName: expected a function of the template, found ${nameOrArn}.`,
  )
}
