/**
 * The architecture, checked by `npm run lint`. Each list of floors is read from the ground up: a folder imports from
 * the floors below it, and nothing from above or beside it. A type counts as an import like any other.
 */
const HOUSE = [
  ['core'],
  ['aws'],
  ['processing', 'report'],
  ['client', 'lambda', 'lib', 'local-aws'],
  ['local', 'samples'],
  ['bin'],
  ['test'],
  ['bench'],
]

/** Floors inside folders. A name is that of a folder, or of a file without its ending. */
const ROOMS = {
  processing: [
    ['dataset', 'copy-bytes', 'web-assembly'],
    ['fields'],
    ['datasets', 'crashes', 'parquet'],
    ['profile', 'read'],
    ['records', 'write'],
    ['s3', 'workers'],
    ['day'],
    ['virtual-datasets', 'main', 'job', 'worker', 'reader', 'try'],
  ],
  lambda: [
    ['ledger', 'name-failed-days', 'put-summary'],
    ['planning', 'publishing', 'catalog', 'verification', 'results'],
    ['clients', 'deployment-file', 'log', 'page-writer'],
    ['handlers'],
  ],
  report: [['run-report', 'value-number'], ['read', 'page'], ['write-report']],
  'local-aws': [
    ['clock', 'errors', 'timers'],
    ['virtual-clock'],
    ['home', 'protocol'],
    ['cloudwatch', 'iam', 'lambda'],
    ['s3', 'sagemaker'],
    ['glue'],
    ['athena', 'states'],
    ['cloudformation'],
    ['stack'],
    ['start'],
    ['index'],
    ['examples', 'test'],
  ],
  'local-aws/s3': [
    ['errors', 's3-uri'],
    ['storage'],
    ['wire'],
    ['accesses', 'operation'],
    ['operations'],
    ['service'],
  ],
  'local-aws/athena': [['sql'], ['tables'], ['run'], ['accesses', 'workgroups'], ['service']],
  'local-aws/states': [
    ['language', 'records'],
    ['run'],
    ['resources'],
    ['accesses', 'describe'],
    ['service'],
    ['index'],
  ],
}

/** Files of a room, named from the root. */
const filesOf = (room) => `^${room}(/|\\.)`

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** A room does not import the rooms beside it and above it. */
function noArrowUp(floors, folder = '') {
  const named = floors.map((rooms) => rooms.map((room) => folder + room))
  return named.flatMap((rooms, floor) =>
    rooms.flatMap((room) => {
      const others = named.slice(floor).flat()
      const below = named.slice(0, floor).flat().join(', ') || 'nothing'
      const to = { path: others.filter((other) => other !== room).map(filesOf) }
      if (to.path.length === 0) return []
      return forbid(`floor-of-${room}`, `Below ${room}: ${below}.`, { path: filesOf(room) }, to)
    }),
  )
}

/** What imports or is imported belongs to a room. */
function noOtherRoom(floors, folder = '') {
  const name = `rooms-of-${folder || 'the-house'}`
  const comment = 'Give it a floor in architecture.config.js.'
  const rooms = floors.flat().map((room) => filesOf(folder + room))
  const files = { path: `^${folder || '[^/]+/'}`, pathNot: rooms }
  return [
    forbid(name, comment, files, {}),
    forbid(name, comment, {}, { ...files, dependencyTypes: ['local'] }),
  ]
}

const LOCAL_AWS = filesOf('local-aws')

/** local-aws is a package of its own. */
const PACKAGE = [
  forbid(
    'local-aws-stands-alone',
    'It knows AWS and nothing of Dayfold.',
    { path: LOCAL_AWS },
    { path: HOUSE.flat().map(filesOf), pathNot: LOCAL_AWS },
  ),
  forbid(
    'local-aws-by-its-name',
    'Import @dayfold/local-aws/…, and export there what is missing.',
    { pathNot: LOCAL_AWS },
    { path: LOCAL_AWS, dependencyTypesNot: ['aliased-workspace'] },
  ),
]

/** The package is these folders, with the compiled handlers. */
const PUBLISHED = ['core', 'processing', 'lib'].map(filesOf)

export default {
  forbidden: [
    forbid('no-circle', 'Move what both need to a file below both.', {}, { circular: true }),
    ...noArrowUp(HOUSE),
    ...noOtherRoom(HOUSE),
    ...Object.entries(ROOMS).flatMap(([name, floors]) => [
      ...noArrowUp(floors, `${name}/`),
      ...noOtherRoom(floors, `${name}/`),
    ]),
    ...PACKAGE,
    forbid(
      'published-with-its-packages',
      'Who installs the package has no devDependencies, not even their types.',
      { path: PUBLISHED },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer'] },
    ),
    forbid(
      'bench-uses-test-support',
      'Put what benches share with tests into test/support.',
      { path: filesOf('bench') },
      { path: filesOf('test'), pathNot: '^test/support/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|dist|cdk\\.out|\\.dayfold|bench/out|examples|tutorial)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
