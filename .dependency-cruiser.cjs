/** Who may import whom. Each rule's comment is for the person who breaks it. */

/** Our folders, as a pattern. */
const ours = '^(spl|macros|knowledge|storage|search|detections|output|server|cli|web)/'

/** Inside spl/, from the bottom up: a part imports the parts before it in the list, and its own. */
const order = [
  ['text'],
  ['values'],
  ['segments', 'regex'],
  ['batch'],
  ['expressions'],
  ['syntax'],
  ['functions', 'aggregations', 'operators'],
  ['commands'],
  ['parse'],
  ['plan'],
  ['run'],
]

/** A folder may import itself, the folders of ours that are named, and every package. */
const allows = (folder, allowed, comment) => ({
  name: `${folder}-imports`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: ours, pathNot: `^(${[folder, ...allowed].join('|')})/` },
})

const layers = order.slice(0, -1).map((parts, i) => ({
  name: `spl-order-${parts.join('-')}`,
  comment: `Inside spl/ imports point downwards: ${parts.join(', ')} must not know ${order
    .slice(i + 1)
    .flat()
    .join(', ')}.`,
  severity: 'error',
  from: { path: `^spl/(${parts.join('|')})/` },
  to: {
    path: `^spl/(${order
      .slice(i + 1)
      .flat()
      .join('|')})/`,
  },
}))

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other cannot be read, tested or loaded one at a time: take out what both need.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: {},
      // Of this package only the condition `import` leads anywhere.
      to: { couldNotResolve: true, pathNot: '^assemblyscript/' },
    },
    {
      name: 'only-declared-packages',
      comment: 'What ships imports only packages under "dependencies" in package.json; a user has no others.',
      severity: 'error',
      from: { path: ours },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
    allows('cli', ['server', 'detections', 'search', 'output', 'knowledge', 'macros', 'spl'], 'cli/ never opens a store: it asks search/.'),
    {
      name: 'cli-to-server',
      comment: 'Of the sub-commands only serve and demo start a server; the others run in process and must start fast.',
      severity: 'error',
      from: { path: '^cli/', pathNot: '^cli/(commands/)?(serve|demo)(\\.ts$|/)' },
      to: { path: '^server/' },
    },
    allows(
      'server',
      ['detections', 'search', 'output', 'knowledge', 'macros', 'spl'],
      'server/ never imports cli/, and reaches a store only through search/.',
    ),
    allows(
      'detections',
      ['search', 'output', 'macros', 'spl'],
      'detections/ runs its searches through search/ and knows no server, store or .conf file.',
    ),
    allows(
      'search',
      ['spl', 'macros', 'knowledge', 'storage'],
      'search/ is where the parts meet; it knows nothing of who asks or how results are written.',
    ),
    allows(
      'knowledge',
      ['spl'],
      'knowledge/ says what .conf files mean, in terms of the language only; search/ brings it together with the rest.',
    ),
    allows(
      'macros',
      ['spl'],
      'macros/ knows the language only (a macro may be eval-based); where definitions come from is the matter of search/.',
    ),
    allows('output', ['spl'], 'output/ writes batches as text and knows no more than the language.'),
    allows('storage', ['spl'], 'storage/ speaks batches and event queries; what a search means stands in search/.'),
    allows('web', ['spl'], 'The page imports the language (it is pure) and nothing else of ours: the rest comes over REST.'),
    allows('spl', [], 'The language imports nothing else of ours: what it needs comes in as an argument.'),
    {
      name: 'only-search-opens-stores',
      comment: 'Only search/ imports storage/: everyone else asks search/, so that snapshots, limits and allowed indexes hold.',
      severity: 'error',
      from: { path: ours, pathNot: '^(search|storage)/' },
      to: { path: '^storage/' },
    },
    {
      name: 'spl-is-pure',
      comment: 'The language has no effects: no disk, network, process, thread or machine. Take it as an argument (RunContext, Host).',
      severity: 'error',
      from: { path: '^spl/' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|http|https|http2|net|tls|dgram|dns|child_process|worker_threads|cluster|os|process|perf_hooks|timers|readline|repl|inspector|sqlite|test)(/|$)',
      },
    },
    {
      name: 'spl-needs-no-package',
      comment: 'The language runs in the page as well: it imports no package.',
      severity: 'error',
      from: { path: '^spl/' },
      to: { path: 'node_modules' },
    },
    ...layers,
    {
      name: 'commands-stand-alone',
      comment: 'One command never imports another: what two need is an operator (spl/operators/).',
      severity: 'error',
      from: { path: '^spl/commands/([^/]+)' },
      to: { path: '^spl/commands/', pathNot: '^spl/commands/$1' },
    },
    {
      name: 'nobody-imports-tests',
      comment: 'What ships knows nothing of tests, benchmarks or the scripts that build it.',
      severity: 'error',
      from: { path: ours },
      to: { path: '^(test|bench|scripts)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|data|docs|\\.venv)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.cjs', '.js', '.json', '.d.ts', '.d.mts'] },
  },
}
