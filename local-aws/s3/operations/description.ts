import { HeadObjectOutput$, StorageClass, type HeadObjectOutput } from '@aws-sdk/client-s3'
import { NormalizedSchema } from '@smithy/core/schema'
import { AwsError } from '../../protocol/aws-error.ts'
import { bindHeaders, findHeader } from '../../protocol/rest-xml/headers.ts'
import type { StoredChecksum } from '../storage/checksums.ts'
import { contentCodings } from '../wire/body.ts'

const CLASSES: readonly string[] = Object.values(StorageClass)
const isClass = (name: string) =>
  CLASSES.includes(name) ? undefined : `expected one of ${CLASSES.join(', ')}`

/**
 * Members of a writing request that are kept with the object and returned by reads, such as ContentType and Metadata.
 */
export const DESCRIPTION = {
  CacheControl: true,
  ContentDisposition: true,
  ContentLanguage: true,
  ContentType: true,
  Expires: true,
  ContentEncoding: true,
  Metadata: true,
  StorageClass: isClass,
} as const
/** Members of a request that contain a checksum which the local S3 verifies. */
export const CHECKSUMS = { ChecksumCRC32: true, ChecksumSHA1: true, ChecksumSHA256: true } as const

type Description = Pick<HeadObjectOutput, keyof typeof DESCRIPTION>
type ChecksumMembers = Pick<HeadObjectOutput, keyof typeof CHECKSUMS | 'ChecksumType'>

// Objects are kept with the headers that HeadObject answers with, in lower case.
const bindings = bindHeaders(NormalizedSchema.of(HeadObjectOutput$), {
  spell: (header) => header.toLowerCase(),
})
const MEMBERS = Object.keys(DESCRIPTION) as (keyof Description)[]
const MOST_METADATA_BYTES = 2048

/**
 * Returns the headers to keep with an object, by name in lower case, from the members of a writing request.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 *
 * @throws AwsError MetadataTooLarge for more than 2 KB of user metadata
 */
export function keptHeaders(input: Description): Record<string, string> {
  checkMetadata(input.Metadata ?? {})
  const headers: Record<string, string> = {}
  for (const member of MEMBERS) {
    const value = member === 'ContentEncoding' ? contentCodings(input[member]).kept : input[member]
    // S3 sends no header for the default class.
    if (value !== undefined && value !== 'STANDARD') bindings.byMember.get(member)!.write(headers, value)
  }
  return headers
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  let bytes = 0
  for (const [name, text] of Object.entries(metadata))
    bytes += name.length + Buffer.byteLength(text, 'latin1')
  if (bytes <= MOST_METADATA_BYTES) return
  throw new AwsError('MetadataTooLarge', `User metadata: expected at most 2048 bytes, found ${bytes}.`)
}

type Headers = Readonly<Record<string, string>>
const known = new WeakMap<Headers, Description>()

/**
 * Converts the headers that are kept with an object back to members of an answer. The result is cached as long as the
 * headers themselves.
 */
export function describedBy(headers: Headers): Description {
  const members = known.get(headers) ?? readHeaders(headers)
  known.set(headers, members)
  return members
}

/** Returns the members of an answer that contain a stored checksum; none if it is undefined. */
export function checksumMembers(checksum: StoredChecksum | undefined): ChecksumMembers {
  if (!checksum) return {}
  return readHeaders({ [checksum.header]: checksum.value, 'x-amz-checksum-type': checksum.type })
}

function readHeaders(headers: Headers): Description & ChecksumMembers {
  const members: Record<string, unknown> = {}
  for (const name in headers) findHeader(bindings, name)?.read(members, name, headers[name]!)
  return members
}
