import { GlueServiceException } from '@aws-sdk/client-glue'
import type { Answer, Call, World } from './call.ts'

/** A call to Glue. */
export function call(
  name: string,
  subject: string,
  { reads = [], writes = [] }: { readonly reads?: readonly string[]; readonly writes?: readonly string[] },
  run: Call['run'],
): Call {
  return { name, subject, reads, writes, run }
}

/** What is done. `id` tells all of the output. */
export const done = (world: World, id: string, output: object): Answer => ({
  world,
  id,
  words: 'ok',
  date: 0,
  give: () => output,
})
export const missing = (world: World) => refused(world, 'EntityNotFoundException')

/** Nothing is done: the SDK's client throws an error of that name. */
export function refused(world: World, name: string): Answer {
  const give = () => {
    throw new GlueServiceException({
      name,
      message: name,
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    })
  }
  return { world, id: name, words: name, date: 0, give, isRefused: true }
}
