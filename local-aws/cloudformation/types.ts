/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  /** What CloudFormation does with it once the template lacks it. @default Delete */
  readonly DeletionPolicy?: string
}

/** A CloudFormation template, as JSON. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}
