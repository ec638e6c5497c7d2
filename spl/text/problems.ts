import { type Phase, type Problem, type Severity, SplProblem } from './problem'
import type { Span } from './source'

type Fields = Readonly<Record<string, string | number | undefined>>
type Entry<F> = readonly [phase: Phase, severity: Severity, message: (fields: F) => string, hint?: (fields: F) => string | undefined]
const entry = <F extends Fields>(
  phase: Phase,
  severity: Severity,
  message: (fields: F) => string,
  hint?: (fields: F) => string | undefined,
): Entry<F> => (hint ? [phase, severity, message, hint] : [phase, severity, message])

const didYouMean = (f: { nearest?: string | undefined }) => (f.nearest === undefined ? undefined : `Did you mean '${f.nearest}'?`)
/** Who speaks: `Error in 'stats' command: …`, or a processor's own name (`'EvalCommand'`, `'SearchParser'`). */
const by = (who: string, text: string) => `Error in '${who}': ${text}`
const command = (name: string, text: string) => by(name, '').replace(/: $/, ` command: ${text}`)

/**
 * Every message of a search: code → phase, severity, text. Texts are Splunk's where it has one.
 * @source messages.conf of 10.4 and measured texts, as collected in the language reference, "Error texts"
 */
export const PROBLEMS = {
  // --- parse: text, quotes, brackets
  'unknown-command': entry(
    'parse',
    'fatal',
    (f: { name: string; nearest?: string | undefined }) => `Unknown search command '${f.name}'.`,
    didYouMean,
  ),
  'not-supported': entry('parse', 'fatal', (f: { what: string }) => `Not supported by Headstand: ${f.what}.`),
  'not-supported-setup': entry('setup', 'error', (f: { what: string }) => `Not supported by Headstand: ${f.what}.`),
  'missing-command': entry(
    'parse',
    'fatal',
    (f: { before: string; position: number; query: string }) =>
      `Missing a search command before '${f.before}'. Error at position '${f.position}' of search query '${f.query}'.`,
  ),
  'empty-search': entry('parse', 'fatal', () => 'Empty search.'),
  'unbalanced-quotes': entry('parse', 'fatal', () => 'Unbalanced quotes.'),
  'mismatched-bracket': entry('parse', 'fatal', (f: { bracket: string }) => `Mismatched '${f.bracket}'.`),
  'comment-open': entry('parse', 'fatal', () => 'Missing comment closing tickmarks.'),
  'generating-not-first': entry('parse', 'fatal', (f: { command: string }) =>
    command(f.command, 'This command must be the first command of a search.'),
  ),
  'cannot-be-first': entry('parse', 'fatal', (f: { command: string }) =>
    command(f.command, `The '${f.command}' command cannot be the first command in a search.`),
  ),
  'bad-time-parameter': entry('parse', 'fatal', (f: { name: string }) => `Invalid ${f.name}.`),
  'time-order': entry('parse', 'fatal', () => 'Invalid latest_time: latest_time must be after earliest_time.'),
  'realtime-refused': entry('parse', 'fatal', () => 'Not supported by Headstand: real-time searches.'),

  // --- parse: search expressions
  'search-parse': entry('parse', 'fatal', (f: { reason: string }) => command('search', `Unable to parse the search: ${f.reason}.`)),
  'time-bounds': entry('setup', 'fatal', (f: { start: string; end: string }) =>
    command('search', `Unable to parse the search: Invalid time bounds in search: start=${f.start} > end=${f.end}.`),
  ),
  'bad-time-term': entry('setup', 'fatal', (f: { value: string; term: string }) => `Invalid value "${f.value}" for time term '${f.term}'`),

  // --- parse: macros (frame 'SearchParser')
  'macro-not-found': entry(
    'parse',
    'fatal',
    (f: { name: string; nearest?: string | undefined }) =>
      by(
        'SearchParser',
        `The search specifies a macro '${f.name}' that cannot be found. Reasons include: the macro name is misspelled, you do not have "read" permission for the macro, or the macro has not been shared with this application. Click Settings, Advanced search, Search Macros to view macro information.`,
      ),
    didYouMean,
  ),
  'macro-unclosed': entry('parse', 'fatal', () => by('SearchParser', 'Missing a closing tick mark for macro expansion.')),
  'macro-empty': entry('parse', 'fatal', () => by('SearchParser', 'You must provide a macro expression.')),
  'macro-no-name': entry('parse', 'fatal', (f: { expression: string }) =>
    by('SearchParser', `The macro expression '${f.expression}' is invalid. A macro name is required.`),
  ),
  'macro-paren': entry('parse', 'fatal', (f: { expression: string }) =>
    by('SearchParser', `The macro expression '${f.expression}' is invalid. Expected closing ')'.`),
  ),
  'macro-mixed': entry('parse', 'fatal', (f: { expression: string }) =>
    by('SearchParser', `The macro expression '${f.expression}' is invalid. All arguments must be named or none can be named.`),
  ),
  'macro-arguments': entry('parse', 'fatal', (f: { expression: string }) =>
    by('SearchParser', `The macro expression '${f.expression}' is invalid. The argument list does not match the definition.`),
  ),
  'macro-name': entry('parse', 'fatal', (f: { name: string }) =>
    by('SearchParser', `The name '${f.name}' is invalid. Macro and argument names might only include alphanumerics, '_' and '-'.`),
  ),
  'macro-argument-count': entry('parse', 'fatal', (f: { name: string; expected: number }) =>
    by('SearchParser', `The argument list for macro '${f.name}' is invalid. Expected ${f.expected} elements.`),
  ),
  'macro-argument-repeated': entry('parse', 'fatal', (f: { name: string }) =>
    by('SearchParser', `The argument list for macro '${f.name}' is invalid. It contains repeated names.`),
  ),
  'macro-argument-missing': entry('parse', 'fatal', (f: { name: string }) =>
    by('SearchParser', `The argument list for macro '${f.name}' is missing. It is expected in the 'args' conf key.`),
  ),
  'macro-no-definition': entry('parse', 'fatal', (f: { name: string }) =>
    by('SearchParser', `Unable to find a definition for macro '${f.name}'. It is expected in the 'definition' conf key.`),
  ),
  'macro-iseval': entry('parse', 'fatal', (f: { name: string }) =>
    by('SearchParser', `The definition of macro '${f.name}' is expected to be an eval expression that returns a string.`),
  ),
  'macro-validation': entry('parse', 'fatal', (f: { name: string; text: string }) =>
    by('SearchParser', `Encountered the following error while validating macro '${f.name}': ${f.text}.`),
  ),
  'macro-validation-invalid': entry('parse', 'fatal', (f: { text: string }) =>
    by('SearchParser', `The validation expression is invalid: '${f.text}'.`),
  ),
  'macro-depth': entry('parse', 'fatal', (f: { limit: number }) =>
    by(
      'SearchParser',
      `Reached maximum recursion depth (${f.limit}) while expanding macros. Check for infinitely recursive macro definitions.`,
    ),
  ),
  'macro-paren-argument': entry('parse', 'fatal', (f: { expression: string }) =>
    by('SearchParser', `Error for macro argument expression '${f.expression}'. Arguments that start with '(' must end with ')'.`),
  ),
  'macro-argument-quotes': entry('parse', 'fatal', () => by('SearchParser', 'Mismatched quotes and/or parenthesis.')),

  // --- parse: expressions; `who` is 'EvalCommand' or "where' command" through `frame`
  'eval-malformed': entry('parse', 'fatal', (f: { who: string; tail?: string | undefined }) =>
    frame(f.who, `The expression is malformed.${f.tail ? ` ${f.tail}` : ''}`),
  ),
  'eval-function': entry(
    'parse',
    'fatal',
    (f: { who: string; name: string; nearest?: string | undefined }) =>
      frame(f.who, `The '${f.name}' function is unsupported or undefined.`),
    didYouMean,
  ),
  'eval-arguments': entry('parse', 'fatal', (f: { who: string; name: string }) =>
    frame(f.who, `The arguments to the '${f.name}' function are invalid.`),
  ),
  'eval-number': entry('parse', 'fatal', (f: { who: string; text: string }) => frame(f.who, `The number ${f.text} is invalid.`)),
  'eval-usage': entry('parse', 'fatal', (f: { who: string }) =>
    frame(f.who, 'Failed to parse the provided arguments. Usage: eval dest_key = expression.'),
  ),
  'eval-missing': entry('parse', 'fatal', (f: { who: string }) =>
    frame(f.who, 'Arguments are missing. Usage: eval dest_key = expression.'),
  ),
  'eval-destination': entry('parse', 'fatal', (f: { who: string }) => frame(f.who, 'The destination key is invalid.')),
  'eval-destination-braces': entry('parse', 'fatal', (f: { who: string }) =>
    frame(f.who, 'The destination field is invalid. {} brackets must be closed.'),
  ),
  'eval-boolean': entry('parse', 'fatal', (f: { who: string }) =>
    frame(f.who, 'Fields cannot be assigned a boolean result. Instead, try if([bool expr], [expr], [expr]).'),
  ),
  'where-boolean': entry('parse', 'fatal', () =>
    command('where', "The expression is invalid. The result of a 'where' expression must be boolean."),
  ),
  'eval-type': entry('parse', 'fatal', (f: { who: string; text: string }) => frame(f.who, `Type checking failed. ${f.text}`)),
  'eval-regex': entry('setup', 'error', (f: { who: string; text: string }) => frame(f.who, `Regex: ${f.text}`)),
  'regex-limit': entry(
    'run',
    'error',
    (f: { milliseconds: number }) =>
      `A regular expression was stopped: it backtracked for more than ${f.milliseconds} ms on one batch of events.`,
  ),

  // --- setup: arguments of commands
  'command-argument': entry(
    'setup',
    'error',
    (f: { command: string; argument: string; nearest?: string | undefined }) =>
      command(f.command, `The argument '${f.argument}' is invalid.`),
    didYouMean,
  ),
  'unknown-option': entry(
    'setup',
    'error',
    (f: { command: string; option: string; nearest?: string | undefined }) => command(f.command, `Option '${f.option}' is invalid.`),
    didYouMean,
  ),
  'option-twice': entry('setup', 'error', (f: { option: string }) =>
    by('SearchProcessor', `Option '${f.option}' should not be specified more than once.`),
  ),
  'option-value': entry('setup', 'error', (f: { type: string; option: string; value: string }) =>
    by('SearchProcessor', `Invalid option value. Expecting a '${f.type}' for option '${f.option}'. Instead got '${f.value}'.`),
  ),
  'command-usage': entry('setup', 'error', (f: { command: string; text: string }) => command(f.command, f.text)),
  'field-twice': entry('setup', 'error', (f: { command: string; field: string }) =>
    command(f.command, `Field '${f.field}' should not be specified more than once.`),
  ),
  'regex-invalid': entry('setup', 'error', (f: { regex: string; text: string }) =>
    by('SearchOperator:regex', `The regex '${f.regex}' is invalid. Regex: ${f.text}.`),
  ),
  'rex-compile': entry('setup', 'error', (f: { regex: string; text: string }) =>
    command('rex', `Encountered the following error while compiling the regex '${f.regex}': Regex: ${f.text}.`),
  ),
  'rex-no-group': entry('setup', 'error', (f: { regex: string }) =>
    command('rex', `The regex '${f.regex}' does not extract anything. It should specify at least one named group. Format: (?<name>...).`),
  ),
  'stats-function': entry(
    'setup',
    'error',
    (f: { command: string; argument: string; nearest?: string | undefined }) =>
      command(f.command, `The argument '${f.argument}' is invalid.`),
    didYouMean,
  ),
  'stats-rename': entry('setup', 'error', (f: { command: string; field: string }) =>
    command(f.command, `You must specify a rename for the aggregation specifier on the dynamically evaluated field '${f.field}'.`),
  ),
  'stats-wildcards': entry('setup', 'error', (f: { command: string; from: string; to: string }) =>
    command(
      f.command,
      `The number of wildcards between field specifier '${f.from}' and rename specifier '${f.to}' do not match. Note: empty field specifiers implies all fields, e.g. sum() == sum(*).`,
    ),
  ),
  'stats-by-repeated': entry('setup', 'error', (f: { command: string; field: string }) =>
    command(f.command, `Repeated group-by field '${f.field}'.`),
  ),
  'stats-output-by': entry('setup', 'error', (f: { command: string; field: string }) =>
    command(f.command, `The output field '${f.field}' cannot have the same name as a group-by field.`),
  ),
  'stats-by-empty': entry('setup', 'error', (f: { command: string }) =>
    command(f.command, "You must specify at least one field after 'by'."),
  ),
  'stats-as-empty': entry('setup', 'error', (f: { command: string }) => command(f.command, "You must specify a field name after 'as'.")),
  'stats-percentile': entry('setup', 'error', (f: { command: string }) =>
    command(f.command, 'Percentile must be a floating point number that is >= 0 and < 100.'),
  ),

  // --- run
  internal: entry('run', 'fatal', () => 'An internal error ended the search. See the log of the server.'),
  'range-substituted': entry('run', 'info', () => 'Your timerange was substituted based on your search string'),
  cancelled: entry('run', 'error', () => 'The search was cancelled.'),
  'memory-limit': entry(
    'run',
    'error',
    (f: { megabytes: number }) => `The search was stopped: it needed more than ${f.megabytes} MB of memory.`,
  ),
  'time-limit': entry('run', 'error', (f: { seconds: number }) => `The search was stopped: it ran for more than ${f.seconds} seconds.`),
  'engine-lost': entry('run', 'fatal', () => 'The search engine had to be restarted while this search ran. Run the search again.'),
  'store-failed': entry('run', 'error', (f: { text: string }) => `The event store failed: ${f.text}`),
  'stats-deprecated': entry(
    'run',
    'warn',
    (f: { function: string }) =>
      `This search uses deprecated 'stats' command syntax. This syntax implicitly translates '${f.function}' or '${f.function}()' to '${f.function}(*)', except for cases where the function is 'count'. Use '${f.function}(*)' instead.`,
  ),
  'results-truncated': entry(
    'run',
    'warn',
    (f: { limit: number }) => `The search results were truncated: the limit of ${f.limit} rows was reached.`,
  ),

  // --- setup and run: commands
  'processor-usage': entry('setup', 'error', (f: { who: string; text: string }) => by(f.who, f.text)),
  'rename-several': entry('setup', 'warn', (f: { field: string }) =>
    command(
      'rename',
      `Multiple renames to field '${f.field}' detected. Only the last one will appear, and previous 'from' fields will be dropped.`,
    ),
  ),
  'option-ignored': entry(
    'setup',
    'warn',
    (f: { command: string; option: string }) => `'${f.command}' command: Option '${f.option}' is unknown and has no effect.`,
  ),
  'count-capped': entry(
    'setup',
    'warn',
    (f: { command: string; limit: number }) => `'${f.command}' command: The count was reduced to the limit of ${f.limit}.`,
  ),
  'dbinspect-checks': entry(
    'setup',
    'info',
    () => 'The "corruptonly" option will check each of the specified buckets. This search might be slow and will take time.',
  ),
  'eval-path': entry('setup', 'error', (f: { who: string; path: string }) => frame(f.who, `Invalid JSON path: ${f.path}`)),
  'mvrange-limit': entry('run', 'error', (f: { limit: number }) =>
    frame('EvalCommand', `The 'mvrange' function would give more than ${f.limit} values.`),
  ),
  // --- parse: macros, continued
  'macro-argument-parens': entry('parse', 'fatal', (f: { expression: string }) =>
    by('SearchParser', `Macro argument expression '${f.expression}' has mismatched parens.`),
  ),
  'macro-size': entry('parse', 'fatal', (f: { limit: number }) =>
    by('SearchParser', `The macros of this search call each other too often: expanding them reads more than ${f.limit} characters.`),
  ),
  // --- knowledge
  'knowledge-skipped': entry(
    'setup',
    'warn',
    (f: { stanza: string; key: string; text: string }) => `props.conf [${f.stanza}] ${f.key} was passed over: ${f.text}.`,
  ),
  // --- run: where the rows of a search are kept
  'spool-failed': entry('run', 'error', (f: { text: string }) => `The search was stopped: its rows could not be kept on disk (${f.text}).`),
  'disk-limit': entry(
    'run',
    'error',
    (f: { megabytes: number }) => `The search was stopped: its rows take more than ${f.megabytes} MB of disk.`,
  ),
  'job-gone': entry('run', 'error', () => 'The search job was removed.'),
  // --- setup and run: statistics
  'stats-duplicate': entry('setup', 'error', (f: { command: string; count: number; originals: string; names: string }) =>
    command(f.command, `${f.count} duplicate rename field(s). Original renames: [${f.originals}]. Duplicate renames: [${f.names}].`),
  ),
  'values-truncated': entry(
    'run',
    'warn',
    (f: { command: string; limit: number }) =>
      `'${f.command}' command: Limit of '${f.limit}' for values reached. Additional values may have been truncated or ignored.`,
  ),
  'time-order-input': entry('run', 'error', (f: { command: string }) =>
    command(f.command, 'time_window can only be used on input that is sorted in time order (both ascending and descending order are ok).'),
  ),
} as const

/** `EvalCommand` and other processors speak as `Error in 'EvalCommand': …`; `where`, `stats` as commands. */
function frame(who: string, text: string): string {
  return /^[A-Z]/.test(who) ? by(who, text) : command(who, text)
}

export type ProblemCode = keyof typeof PROBLEMS
type FieldsOf<C extends ProblemCode> = (typeof PROBLEMS)[C] extends Entry<infer F> ? F : never

/** A problem of the catalogue, with its text made from typed fields. */
export function problem<C extends ProblemCode>(code: C, fields: FieldsOf<C>, at?: Span): Problem {
  const [phase, severity, message, hint] = PROBLEMS[code] as unknown as Entry<FieldsOf<C>>
  const said = hint?.(fields)
  return { code, phase, severity, message: message(fields), ...(at && { span: at }), ...(said !== undefined && { hint: said }) }
}

/** The same, to be thrown. */
export function fail<C extends ProblemCode>(code: C, fields: FieldsOf<C>, at?: Span): SplProblem {
  return new SplProblem(problem(code, fields, at))
}

/** What Splunk has and we do not: refused, never passed over. `grep notSupported` is the list of gaps. */
export const notSupported = (what: string, at?: Span): SplProblem => fail('not-supported', { what }, at)
