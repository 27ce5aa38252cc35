/**
 * The members of `<stack>.assets.json`, which `cdk synth` writes beside a template, that the local AWS reads: the
 * folders of functions and the build folders of images.
 */
export interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string }
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>
      }
    >
  >
  readonly dockerImages?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly directory?: string }
        readonly destinations: Readonly<
          Record<string, { readonly repositoryName: string; readonly imageTag: string }>
        >
      }
    >
  >
}

/** Where the assets of a stack lie on this machine: paths relative to the folder that `cdk synth` wrote to. */
export interface AssetDirectories {
  /** Folders of function code, by the S3 object key that the template names. */
  readonly files: ReadonlyMap<string, string>
  /** Build folders of container images, by image URI. */
  readonly images: ReadonlyMap<string, string>
}

/**
 * Reads the folders of assets from a manifest. Placeholders such as `${AWS::Region}` in keys and image URIs are
 * replaced by the given region and account.
 */
export function assetDirectories(
  { files = {}, dockerImages = {} }: AssetManifest,
  { region, account }: { readonly region: string; readonly account: string },
): AssetDirectories {
  const place = (text: string) =>
    text
      .replaceAll('${AWS::AccountId}', account)
      .replaceAll('${AWS::Region}', region)
      .replaceAll('${AWS::Partition}', 'aws')
  const fileEntries = Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [
      place(objectKey),
      source.path ?? '',
    ]),
  )
  const imageEntries = Object.values(dockerImages).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ repositoryName, imageTag }): [string, string] => [
      `${account}.dkr.ecr.${region}.amazonaws.com/${place(repositoryName)}:${imageTag}`,
      source.directory ?? '',
    ]),
  )
  return { files: new Map(fileEntries), images: new Map(imageEntries) }
}
