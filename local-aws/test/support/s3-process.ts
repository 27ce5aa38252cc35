import { join } from 'node:path'
import { startEndpoint } from '../../protocol/endpoint.ts'
import { s3Service } from '../../s3/service.ts'

/** A local S3 in a process of its own, so that a test can kill it: tells its URL and waits. */
const home = process.argv[2]!
const service = s3Service({ root: join(home, 's3'), metaRoot: join(home, 's3-meta') })
const { url } = await startEndpoint({ services: [service] })
process.send!({ url })
process.on('disconnect', () => process.exit())
