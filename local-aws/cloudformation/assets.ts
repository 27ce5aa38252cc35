/** The parts of `<stack>.assets.json` that are read here. */
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

/** Folders of assets, relative to the folder of the manifest. */
export interface AssetDirectories {
  /** Folders by the object key that the template names. */
  readonly files: ReadonlyMap<string, string>
  /** Folders by image URI. */
  readonly images: ReadonlyMap<string, string>
}

/** Finds the folders of a manifest's assets, with region and account put into their keys and URIs. */
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
