// The walls between the rooms (docs/architecture.md). Each comment says what to do instead.
const room = (name) => `^(packages|apps)/${name}/`;
const test = '\\.(test|spec)\\.tsx?$|/testing/|/e2e/';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one idea, or a third one that both need.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'engine-knows-only-its-libraries',
      severity: 'error',
      comment: 'The engine decides and touches nothing. Put what touches the world in tasks, what remembers in backends.',
      from: { path: '^packages/engine/src', pathNot: test },
      to: { pathNot: ['^packages/engine/src', 'node_modules/(zod|@marcbachmann/cel-js|re2js)/'] },
    },
    {
      name: 'engine-has-no-node',
      severity: 'error',
      comment: 'The engine runs in a browser too. What needs Node comes in through a port.',
      from: { path: '^packages/engine/src', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tasks-know-only-the-engine',
      severity: 'error',
      comment: 'A task does one thing in the world; it knows no database, no API and no screen.',
      from: { path: '^packages/tasks/src' },
      to: { path: '^(packages/(backends|api)|apps)/' },
    },
    {
      name: 'backends-know-only-the-engine',
      severity: 'error',
      comment: 'A backend remembers, claims, locks or dispatches behind a port of the engine.',
      from: { path: '^packages/backends/src' },
      to: { path: '^(packages/(tasks|api)|apps)/' },
    },
    {
      name: 'api-answers-only',
      severity: 'error',
      comment: 'The API speaks to ports of the engine; the server hands it what stands behind them.',
      from: { path: '^packages/api/src' },
      to: { path: '^packages/(tasks|backends)/|^apps/|node_modules/@?prisma' },
    },
    {
      name: 'prisma-only-in-backends',
      severity: 'error',
      comment: 'Ask the port; only packages/backends talks to the database.',
      from: { path: room('(engine|tasks|api|server|web)') },
      to: { path: 'node_modules/(@prisma|libsql|@libsql)|/generated/' },
    },
    {
      name: 'web-imports-no-server-code',
      severity: 'error',
      comment: 'The web app speaks to the server over the API.',
      from: { path: '^apps/web/src' },
      to: { path: '^(packages/(tasks|backends)|apps/server)/' },
    },
    {
      name: 'web-takes-only-types-of-the-api',
      severity: 'error',
      comment: 'Write `import type`: the router runs on the server.',
      from: { path: '^apps/web/src' },
      to: { path: '^packages/api/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'features-are-strangers',
      severity: 'error',
      comment: 'Share through apps/web/src/ui or lib, compose in shell.',
      from: { path: '^apps/web/src/features/([^/]+)/' },
      to: { path: '^apps/web/src/features/', pathNot: '^apps/web/src/features/$1/' },
    },
    {
      name: 'parts-know-no-feature',
      severity: 'error',
      comment: 'ui and lib are below the features; what knows a feature belongs into it.',
      from: { path: '^apps/web/src/(ui|lib)/' },
      to: { path: '^apps/web/src/(features|shell)/' },
    },
    {
      name: 'nothing-imports-shell',
      severity: 'error',
      comment: 'The shell composes the screens; what others need of it belongs into ui or lib.',
      from: { path: '^apps/web/src', pathNot: '^apps/web/src/(shell/|main\\.tsx$)' },
      to: { path: '^apps/web/src/shell/' },
    },
    {
      name: 'no-package-imports-an-app',
      severity: 'error',
      comment: 'Apps are on top; move what is needed down into a package.',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'The import leads nowhere; list the package or mend the path.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/generated/' },
    exclude: { path: '/dist/|/generated/(?!sqlite/client)' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
