import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

const textOf = (path: string) => readFileSync(join(PROJECT_ROOT, path), 'utf8')
const [, section = ''] =
  /\n## What people must be allowed\n([^]*?)\n## /.exec(textOf('docs/operations.md')) ?? []

/** Names of services in IAM that differ from the SDK's. */
const PREFIXES: Readonly<Record<string, string>> = { sfn: 'states', 'service-quotas': 'servicequotas' }
/** Requests that need an action of another name, or none. */
const ACTIONS: Readonly<Record<string, string | undefined>> = {
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadBucket': 's3:ListBucket',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  'sts:GetCallerIdentity': undefined,
}

/** Returns the actions that the requests of a source need. */
function actionsOf(source: string): string[] {
  const imports = source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g)
  return [...imports]
    .flatMap(([, names, service]) =>
      [...names!.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)].map(([, paginated, sent]) => {
        const request = `${PREFIXES[service!] ?? service}:${paginated ?? sent}`
        return request in ACTIONS ? ACTIONS[request] : request
      }),
    )
    .filter((action) => action !== undefined)
}

test('docs/operations.md names the permission for each request that the command line makes', () => {
  const sources = readdirSync(join(PROJECT_ROOT, 'client'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => textOf(join('client', name)))
  // In the modules that it shares with the functions, it uses only requests that read or query.
  const shared = ['aws/athena-query.ts', 'aws/executions.ts', 'aws/list-objects.ts'].map(textOf)
  const actions = [...new Set([...sources, ...shared].flatMap(actionsOf))]
  expect(actions.length).toBeGreaterThan(25)
  expect(actions.filter((action) => !section.includes(`\`${action}\``))).toEqual([])
})
