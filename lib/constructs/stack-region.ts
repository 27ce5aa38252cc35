import { Stack, Token } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { checkRegions, type RegionalOptions } from '../regions.ts'

/**
 * Checks that KMS keys and image in the configuration lie in the region of a construct's stack. If that region is not
 * known, does nothing.
 *
 * @throws DayfoldError InvalidConfiguration for a key or an image of another region
 */
export function checkStackRegion(construct: Construct, options: RegionalOptions): void {
  const { region } = Stack.of(construct)
  if (!Token.isUnresolved(region)) checkRegions(options, region)
}
