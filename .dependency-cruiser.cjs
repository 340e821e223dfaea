// The import rule of docs/ARCHITECTURE.md: which room may know which. Every line is an error.

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const room = (/** @type {string} */ path) => ({ path })

/** A thread has a composition root of its own. */
const readingThread = '^src/main/adapters/csv/worker[.]ts$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-circles', 'A circle of imports has no bottom to start reading at.', {}, { circular: true }),
    forbid('resolvable', 'Every import names something that exists.', {}, { couldNotResolve: true }),
    forbid('shared-imports-zod-alone', 'The contract holds for every process.', room('^src/shared'), {
      pathNot: ['^src/shared', '^node_modules/zod/'],
    }),
    forbid('renderer-to-shared', 'The window knows the contract and nothing behind it.', room('^src/renderer'), {
      path: '^src',
      pathNot: ['^src/renderer', '^src/shared'],
    }),
    forbid('renderer-without-node', 'The window has no Node.', room('^src/renderer'), { dependencyTypes: ['core'] }),
    forbid('features-apart', 'No feature imports another.', room('^src/renderer/src/features/([^/]+)/'), {
      path: '^src/renderer/src/features/',
      pathNot: '^src/renderer/src/features/$1/',
    }),
    forbid('ui-below-features', 'Components know no feature.', room('^src/renderer/src/ui/'), {
      path: '^src/renderer/src/(features|app)/',
    }),
    forbid('preload-to-shared', 'The bridge is built from the contract.', room('^src/preload'), {
      path: '^src',
      pathNot: ['^src/preload', '^src/shared'],
    }),
    forbid('core-to-shared', 'Use cases reach the world through ports.', room('^src/main/core'), {
      path: '^src',
      pathNot: ['^src/main/core', '^src/shared'],
    }),
    forbid(
      'vendors-to-ports',
      'A vendor is one folder, beside what is the same at every one of them.',
      room('^src/main/vendors/([^/]+)/'),
      {
        path: '^src',
        pathNot: ['^src/main/vendors/($1|common)/', '^src/shared', '^src/main/core/ports[.]ts$'],
      },
    ),
    forbid(
      'vendors-without-network',
      'A vendor’s folder writes calls and reads answers; it makes no call, and touches no file.',
      room('^src/main/vendors'),
      { path: '^(node:)?(http|https|http2|net|tls|dgram|dns|fs|child_process|worker_threads)($|/)' },
    ),
    forbid('vendor-list', 'The list of vendors knows the vendors and nothing else.', room('^src/main/vendors/[^/]+$'), {
      path: '^src',
      pathNot: ['^src/main/vendors', '^src/shared', '^src/main/core/ports[.]ts$'],
    }),
    forbid(
      'adapters-to-ports',
      'An adapter serves a port.',
      { path: '^src/main/adapters', pathNot: readingThread },
      {
        path: '^src',
        pathNot: ['^src/main/adapters', '^src/shared', '^src/main/core/ports[.]ts$'],
      },
    ),
    forbid('reading-thread', 'It wires the rules of rows to the reader of files.', room(readingThread), {
      path: '^src',
      pathNot: ['^src/main/adapters/csv/', '^src/shared', '^src/main/core/ports[.]ts$', '^src/main/core/import/'],
    }),
    forbid('host-to-core', 'The host knows what to offer, not how it is done.', room('^src/main/host'), {
      path: '^src',
      pathNot: ['^src/main/(host|core)', '^src/shared'],
    }),
    forbid(
      'cli-to-core',
      'So does the command line.',
      { path: '^src/cli', pathNot: '^src/cli/index[.]ts$' },
      {
        path: '^src',
        pathNot: ['^src/cli', '^src/main/core', '^src/shared'],
      },
    ),
    forbid('composition-roots', 'They wire main’s rooms, never the window’s.', room('^src/(main|cli)/index[.]ts$'), {
      path: '^src/(renderer|preload|sandbox)',
    }),
    forbid('sandbox-stands-alone', 'The judge must not share code with the judged.', room('^src/sandbox'), {
      path: '^src',
      pathNot: ['^src/sandbox'],
    }),
    forbid(
      'nothing-imports-the-sandbox',
      'It is a process of its own.',
      { path: '^src', pathNot: '^src/sandbox' },
      room('^src/sandbox'),
    ),
    forbid(
      'electron-in-its-rooms',
      'Everything else runs in plain Node.',
      { path: '^src', pathNot: ['^src/main/host', '^src/preload', '^src/main/index[.]ts$'] },
      { path: '^(node_modules/)?electron($|/)' },
    ),
    forbid(
      'sqlite-in-its-room',
      'One room speaks to the database.',
      { path: '^src', pathNot: '^src/main/adapters/database' },
      { path: '^(node_modules/)?better-sqlite3' },
    ),
    forbid(
      'keytar-in-its-room',
      'One room speaks to the keychain.',
      { path: '^src', pathNot: '^src/main/adapters/secrets' },
      { path: '^(node_modules/)?keytar' },
    ),
    forbid('product-without-tests', 'The product knows neither tests nor scripts.', room('^src'), {
      path: '^(test|scripts)/',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Reads TypeScript as it is written, type imports included.
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
}
