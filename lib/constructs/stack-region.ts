import { Stack, Token } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { checkRegions, type RegionalOptions } from '../regions.ts'

/** `checkRegions` for the stack that a construct is in, where its region is known. */
export function checkStackRegion(construct: Construct, options: RegionalOptions): void {
  const { region } = Stack.of(construct)
  if (!Token.isUnresolved(region)) checkRegions(options, region)
}
