import { GlueServiceException } from '@aws-sdk/client-glue'
import type { Answer, Call, World } from './call.ts'

/** Makes a call to Glue. */
export function call(
  name: string,
  subject: string,
  { reads = [], writes = [] }: { readonly reads?: readonly string[]; readonly writes?: readonly string[] },
  run: Call['run'],
): Call {
  return { name, subject, reads, writes, run }
}

/** Makes the answer of a call that took effect. `id` identifies the whole output. */
export const done = (world: World, id: string, output: object): Answer => ({
  world,
  id,
  words: 'ok',
  date: 0,
  give: () => output,
})
export const missing = (world: World) => refused(world, 'EntityNotFoundException')

/** Makes the answer of a call without effect: the SDK's client throws an error of that name. */
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
