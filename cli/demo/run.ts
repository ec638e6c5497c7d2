import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Rule, readRules } from '../../detections/rule'
import { packageFolder } from '../../knowledge/package-folder'
import { takeFile } from '../../search/event-files/take-file'
import { implied } from '../../search/read'
import type { Account } from '../../server/settings'
import serve from '../commands/serve'
import { readArguments } from '../read-arguments'
import type { ServeFlags } from '../serve/settings'
import { listenSettings, type Server, startServer } from '../serve/start'
import { counted } from '../status-line'
import type { Terminal } from '../terminal'
import { differingRows } from './differing-rows'
import { type ClientRow, RestClient } from './rest-client'
import { rowTexts } from './row-texts'
import { rowsOverSocket } from './socket-client'

const RULE = 'rules/windows_ftp_exfiltration.yml'

/** One set of events in one form. Each has an index and an account of its own, so that the rule runs as it stands, over one form. */
interface Form {
  readonly name: string
  readonly sample: string
  readonly index: string
}
const FORMS: readonly Form[] = [
  { name: 'XML', sample: 'samples/sysmon-xml.ndjson.gz', index: 'demo_xml' },
  { name: 'key=value', sample: 'samples/sysmon-kv.ndjson.gz', index: 'demo_text' },
]

const PASSWORD = 'demo-only'

const accountOf = ({ index }: Form): Account => ({
  name: index,
  password: PASSWORD,
  roles: ['user'],
  indexesAllowed: [index],
  indexesDefault: [index],
})

const data = (path: string): string => join(packageFolder(), 'data', path)

/** @returns whether all answers are equal, and there are any */
export async function runDemo(terminal: Terminal): Promise<boolean> {
  const signal = terminal.interrupted()
  const [rule] = readRules(data(RULE), readFileSync(data(RULE), 'utf8'), () => new Map())
  const flags = readArguments(serve, ['--port', '0', '--log-level', 'warn'], {}).flags as unknown as ServeFlags
  const settings = { ...listenSettings(flags, terminal), accounts: FORMS.map(accountOf) }
  const server = await startServer(flags, settings)
  try {
    await terminal.out(`Server     ${server.listening.urls.management}, with a temporary store\n`)
    for (const form of FORMS) {
      const events = await takeFile(server.head, { name: data(form.sample) }, { override: { index: form.index }, signal })
      await terminal.out(`Ingested   ${form.name}: ${counted(events, 'event')} of data/${form.sample}\n`)
    }
    await terminal.out(`Rule       ${rule!.title} (${rule!.id}), data/${RULE}\n           ${rule!.search}\n`)
    const answers: Answer[] = []
    for (const form of FORMS) answers.push(await asked(server, { form, rule: rule!, before: answers[0] }, terminal))
    return await compared(answers, terminal)
  } finally {
    await server.close()
    await terminal.out('Stopped; the store is removed.\n')
  }
}

interface Answer {
  readonly form: Form
  readonly rest: readonly ClientRow[]
  readonly socket: readonly ClientRow[]
}

interface Question {
  readonly form: Form
  readonly rule: Rule
  /** The answer over the first form. */
  readonly before: Answer | undefined
}

async function asked({ listening }: Server, { form, rule, before }: Question, terminal: Terminal): Promise<Answer> {
  const { management } = listening.urls
  const search = implied(rule.search)
  const client = await RestClient.login(management, form.index, PASSWORD)
  const rest = await client.rowsOf(search)
  const socket = await rowsOverSocket(`${management.replace(/^http/, 'ws')}/services/search/ws`, client.sessionKey, rule.search)
  await terminal.out(`\nRows over ${form.name}: ${rest.length} over REST, ${socket.length} over WebSocket\n`)
  // Rows that stand above already are not shown again.
  await terminal.out(
    before && differingRows(before.rest, rest) === undefined ? `     the same as over ${before.form.name}\n` : rowTexts(rest),
  )
  return { form, rest, socket }
}

async function compared(answers: readonly Answer[], terminal: Terminal): Promise<boolean> {
  const [first] = answers
  const found = (answer: Answer) => (answer.rest.length === 0 ? 'there are none' : undefined)
  const verdicts = answers.flatMap((answer) => [
    [`${answer.form.name}: rows were found`, found(answer)] as const,
    [`${answer.form.name}: REST and WebSocket give the same rows`, differingRows(answer.rest, answer.socket)] as const,
    ...(answer === first
      ? []
      : [[`${first!.form.name} and ${answer.form.name} give the same rows`, differingRows(first!.rest, answer.rest)] as const]),
  ])
  await terminal.out('\n')
  for (const [what, why] of verdicts) await terminal.out(why === undefined ? `✓ ${what}\n` : `✗ ${what}: ${why}\n`)
  return verdicts.every(([, why]) => why === undefined)
}
