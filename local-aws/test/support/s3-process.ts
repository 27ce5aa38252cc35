import { homePaths } from '../../home/paths.ts'
import { startEndpoint } from '../../protocol/endpoint.ts'
import { s3Service } from '../../s3/service.ts'

/** Runs a local S3 in a process of its own, so that a test can kill it. Sends its URL to the parent. */
const paths = homePaths(process.argv[2]!)
const service = s3Service({ root: paths.s3, metaRoot: paths.s3Meta })
const { url } = await startEndpoint({ services: [service] })
process.send!({ url })
process.on('disconnect', () => process.exit())
