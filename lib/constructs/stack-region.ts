import { Stack, Token } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { checkRegions, type RegionalOptions } from '../regions.ts'

/**
 * Runs `checkRegions` for the stack that a construct is in, if its region is known.
 *
 * @throws DayfoldError InvalidConfiguration for a key or an image of another region
 */
export function checkStackRegion(construct: Construct, options: RegionalOptions): void {
  const { region } = Stack.of(construct)
  if (!Token.isUnresolved(region)) checkRegions(options, region)
}
