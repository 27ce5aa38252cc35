/** A resource of a CloudFormation template, as parsed from JSON. */
export interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  /**
   * CloudFormation's policy for a resource that a later template no longer contains, such as `Retain`.
   * @default Delete
   */
  readonly DeletionPolicy?: string
}

/** Properties of a resource in CloudFormation's spelling, with references resolved. */
export type Properties = Readonly<Record<string, unknown>>

/** A Glue table as a template declares it. */
export interface LocalTable {
  /** Name of the Glue database. */
  readonly database: string
  /** Glue's `TableInput`. */
  readonly input: Properties & { readonly Name: string }
  /** True if the table stays deployed when a later template no longer contains it. */
  readonly isRetained: boolean
}

/** A container image that jobs can run. It is not built: its program runs from its build folder. */
export interface LocalImage {
  /** URI that a job's request names. */
  readonly uri: string
  /** Build folder, which contains the Dockerfile. */
  readonly directory: string
}

/** A CloudFormation template as parsed from JSON, with the sections that the local AWS reads. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}
