import { GlueClient } from '@aws-sdk/client-glue'
import { S3Client } from '@aws-sdk/client-s3'
import { callOf, type Call, type Command, type Operations, type Told } from './call.ts'

/** Stand-ins for the SDK's clients. */
export interface Clients {
  readonly s3: S3Client
  readonly glue: GlueClient
}

export interface ClientsOptions {
  readonly s3: Operations
  readonly glue: Operations
  /** Answers a call, at once or when its turn has come. */
  readonly perform: (call: Call) => Told | Promise<Told>
}

/**
 * Returns clients whose `send` goes to the model. The command's own middleware sees the answer's headers, as on AWS.
 */
export function clientsOver({ s3, glue, perform }: ClientsOptions): Clients {
  const sendTo = (operations: Operations) => async (command: Command) => {
    const answer = await perform(callOf(operations, command))
    const last = () => Promise.resolve({ response: responseOf(answer), output: answer.give() })
    const { middlewareStack } = command as { middlewareStack?: MiddlewareStack }
    return (await middlewareStack!.resolve(last, {})({ input: command.input })).output
  }
  return {
    // The SDK's paginators check for an instance; its constructor, which reads configuration, is not run.
    s3: Object.assign(Object.create(S3Client.prototype) as S3Client, { send: sendTo(s3) }),
    glue: Object.assign(Object.create(GlueClient.prototype) as GlueClient, { send: sendTo(glue) }),
  }
}

type Handler = (args: { input: object }) => Promise<{ output: unknown }>
interface MiddlewareStack {
  resolve(handler: Handler, context: object): Handler
}

const responseOf = ({ date }: Told) => ({ headers: { date: new Date(date * 1000).toUTCString() } })
