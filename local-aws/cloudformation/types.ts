/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  /** Its fate once a template drops it. @default Delete */
  readonly DeletionPolicy?: string
}

/** The properties of a resource, with references resolved. */
export type Properties = Readonly<Record<string, unknown>>

/** A table of the catalog as a template declares it. */
export interface LocalTable {
  readonly database: string
  readonly input: Properties & { readonly Name: string }
  /** True if it stays once a template drops it. */
  readonly isRetained: boolean
}

/** An image and the folder that it is built from. */
export interface LocalImage {
  readonly uri: string
  readonly directory: string
}

/** A CloudFormation template, as JSON. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}
