import { z } from 'zod'

/**
 * The Amazon States Language as far as this interpreter knows it: JSONata only. Any field not listed here is refused.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */

/**
 * Matches a string that is a JSONata expression, `{% … %}`, with nothing before or after it. The first group is the
 * expression itself.
 */
export const EXPRESSION = /^\{%([\s\S]*)%\}$/

const expression = z.string().regex(EXPRESSION, { error: 'expected a JSONata expression {% … %}' })
const jsonata = z.literal('JSONata', { error: 'expected JSONata: no other query language is implemented' })
/** Any JSON, with expressions in its strings. */
const template = z.unknown()
const assignments = z.record(z.string(), template)
const numberOrExpression = (number: z.ZodType<number>) => z.union([number, expression])

const retrier = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().min(1).default(1),
  MaxAttempts: z.int().min(0).max(99_999_999).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
  Comment: z.string().optional(),
})
/**
 * An entry of a state's `Retry`: for errors that it matches, how often the state is run again and after which delays.
 */
export type Retrier = z.infer<typeof retrier>

const catcher = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  Assign: assignments.optional(),
  Output: template.optional(),
  Comment: z.string().optional(),
})
/** An entry of a state's `Catch`: for errors that it matches, the state that follows instead of failing. */
export type Catcher = z.infer<typeof catcher>

const described = { Comment: z.string().optional(), QueryLanguage: jsonata.optional() }
const leading = {
  Next: z.string().optional(),
  End: z.literal(true, { error: 'expected true, or no such field' }).optional(),
}
const producing = { Assign: assignments.optional(), Output: template.optional() }
const failing = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() }

const task = z.strictObject({
  Type: z.literal('Task'),
  Resource: z.string(),
  Arguments: template.optional(),
  TimeoutSeconds: numberOrExpression(z.int().min(1).max(99_999_999)).optional(),
  ...described,
  ...leading,
  ...producing,
  ...failing,
})
/** A state that calls a resource and waits for its answer. */
export type TaskState = z.infer<typeof task>

const pass = z.strictObject({ Type: z.literal('Pass'), ...described, ...leading, ...producing })
/** A state that passes on its input, or an output computed from it. */
export type PassState = z.infer<typeof pass>

const choice = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z
    .array(
      z.strictObject({
        Condition: z.union([z.boolean(), expression]),
        Next: z.string(),
        Comment: z.string().optional(),
        ...producing,
      }),
    )
    .min(1),
  Default: z.string().optional(),
  /** Assignments of the Default; each rule has its own. */
  Assign: assignments.optional(),
  ...described,
})
/** A state that chooses the next state: that of the first rule whose condition is true, else its Default. */
export type ChoiceState = z.infer<typeof choice>

const wait = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: numberOrExpression(z.int().min(0).max(99_999_999)).optional(),
  Timestamp: z.string().optional(),
  ...described,
  ...leading,
  ...producing,
})
/** A state that waits for some seconds or until a time. Of `Seconds` and `Timestamp` exactly one is set. */
export type WaitState = z.infer<typeof wait>

const succeed = z.strictObject({ Type: z.literal('Succeed'), Output: template.optional(), ...described })
/** A state that ends the execution, the branch or the Map's iteration that it is in with success. */
export type SucceedState = z.infer<typeof succeed>

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ...described,
})
/**
 * A state that fails with an error of its own, which ends the execution, the branch or the Map's iteration that it is
 * in.
 */
export type FailState = z.infer<typeof fail>

const states = z.lazy(() => z.record(z.string().min(1).max(80), state))

const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  Branches: z
    .array(
      z.strictObject({
        StartAt: z.string(),
        Comment: z.string().optional(),
        get States(): z.ZodType<Record<string, State>> {
          return states
        },
      }),
    )
    .min(1),
  Arguments: template.optional(),
  ...described,
  ...leading,
  ...producing,
  ...failing,
})
/** A state that runs several branches of states at the same time. */
export type ParallelState = z.infer<typeof parallel>

const s3Location = z.strictObject({ Bucket: z.string(), Key: z.string() })
const s3Target = z.strictObject({ Bucket: z.string(), Prefix: z.string().optional() })

const map = z.strictObject({
  Type: z.literal('Map'),
  Items: z.union([z.array(template), expression]).optional(),
  ItemReader: z
    .strictObject({
      Resource: z.literal('arn:aws:states:::s3:getObject'),
      ReaderConfig: z.strictObject({ InputType: z.literal('JSON') }),
      Arguments: z.union([s3Location, expression]),
    })
    .optional(),
  ItemSelector: template.optional(),
  ItemProcessor: z.strictObject({
    ProcessorConfig: z
      .discriminatedUnion('Mode', [
        z.strictObject({ Mode: z.literal('INLINE') }),
        z.strictObject({ Mode: z.literal('DISTRIBUTED'), ExecutionType: z.literal('STANDARD') }),
      ])
      .default({ Mode: 'INLINE' }),
    StartAt: z.string(),
    Comment: z.string().optional(),
    QueryLanguage: jsonata.optional(),
    get States(): z.ZodType<Record<string, State>> {
      return states
    },
  }),
  MaxConcurrency: numberOrExpression(z.int().min(0)).optional(),
  ToleratedFailurePercentage: numberOrExpression(z.number().min(0).max(100)).optional(),
  ToleratedFailureCount: numberOrExpression(z.int().min(0)).optional(),
  Label: z
    .string()
    .max(40)
    .regex(/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/]+$/)
    .optional(),
  ResultWriter: z
    .strictObject({
      Resource: z.literal('arn:aws:states:::s3:putObject'),
      Arguments: z.union([s3Target, expression]),
      WriterConfig: z
        .strictObject({ Transformation: z.literal('NONE'), OutputType: z.literal('JSON') })
        .optional(),
    })
    .optional(),
  ...described,
  ...leading,
  ...producing,
  ...failing,
})
/**
 * A state that runs the same states for each of its items: inline as part of the execution, or distributed as one child
 * execution per item.
 */
export type MapState = z.infer<typeof map>

/** Any state of a state machine's definition. */
export type State =
  TaskState | PassState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState

const state: z.ZodType<State> = z.lazy(() =>
  z.discriminatedUnion('Type', [task, pass, choice, wait, succeed, fail, parallel, map]),
)

/** States among which `Next` can lead: all those of a machine, of a branch of a Parallel, or of a Map's iterations. */
export interface StateGraph {
  readonly StartAt: string
  readonly States: Readonly<Record<string, State>>
}

/**
 * Schema of a state machine's definition. It checks fields and their types; `parseDefinition` also checks that states,
 * resources and expressions exist and are valid.
 */
export const definitionSchema = z.strictObject({
  Comment: z.string().optional(),
  QueryLanguage: jsonata,
  Version: z.literal('1.0').optional(),
  StartAt: z.string(),
  States: states,
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
})
/** A state machine's definition that fits the schema, with defaults filled in. */
export type Definition = z.infer<typeof definitionSchema>
