import { xmlAttribute, xmlText } from '../../output/markup'
import { loadLanguage } from '../../search/load-language'
import { splitStages } from '../../spl/parse/split'
import type { Command, CommandKind } from '../../spl/syntax/command'
import { responseElement } from '../answer'
import { knownApp } from '../dispatch-search'
import { endpoint } from '../endpoint'
import { HttpProblem, refused } from '../errors'
import { flag, text, unsupported } from '../params'

interface ParsedCommand {
  readonly command: string
  readonly rawargs: string
  readonly pipeline: string
  readonly args: { readonly [name: string]: readonly string[] }
  readonly isGenerating?: true
  readonly streamType: string
}

/** @source measured on 10.4: pipeline and streamType by command */
const TYPES: Readonly<Record<CommandKind, readonly [pipeline: string, streamType: string]>> = {
  'distributable streaming': ['streaming', 'SP_STREAM'],
  'centralized streaming': ['stateful', 'SP_STATEFUL'],
  transforming: ['report', 'SP_STREAMREPORT'],
  generating: ['report', 'SP_STREAMREPORT'],
  'dataset processing': ['events', 'SP_EVENTS'],
  orchestrating: ['report', 'SP_STREAMREPORT'],
}

function parsedCommand(stage: string, command: Command | undefined): ParsedCommand {
  const [name = '', rawargs = ''] = stage.split(/\s+([\s\S]*)/)
  const [pipeline, streamType] = TYPES[command?.kind ?? 'distributable streaming']
  const generates = command?.scans || command?.kind === 'generating'
  return { command: name, rawargs, pipeline, args: { [name]: [rawargs] }, ...(generates && { isGenerating: true as const }), streamType }
}

/** The commands as typed. */
// DIFFERS: a stage that is a macro call is left out of the list, since its commands are known only to the search head.
function commandsOf(q: string): readonly ParsedCommand[] {
  const language = loadLanguage()
  const stages = splitStages(q).stages.map(({ span }) => q.slice(span.start, span.end))
  return stages.filter((stage) => !stage.startsWith('`')).map((stage) => parsedCommand(stage, language.commands.get(stage.split(/\s/)[0]!)))
}

const key = (name: string, value: string): string => `<key name="${xmlAttribute(name)}">${value}</key>`
const commandElement = ({ command, rawargs, pipeline, isGenerating, streamType }: ParsedCommand): string =>
  `<item><dict>${key('command', xmlText(command))}${key('rawargs', xmlText(rawargs))}${key('pipeline', pipeline)}${
    isGenerating ? key('isGenerating', 'true') : ''
  }${key('streamType', streamType)}</dict></item>`

export default endpoint({
  method: ['GET', 'POST'],
  path: 'search/parser',
  summary: 'Reads a search without running it.',
  source: 'REST API Reference 9.x, search/parser; measured on 10.4',
  params: {
    q: text(''),
    parse_only: flag(false),
    enable_lookups: unsupported('1', 'true', 't'),
    reload_macros: flag(true),
  },
  unknown: 'ignore',
  async handle(call) {
    const { q } = call.args
    if (!q.trim()) throw refused(400, 'Invalid query.', 'FATAL')
    const problems = await call.head.check(q, call.account!.name, knownApp(call, call.app))
    const errors = problems.filter(({ severity }) => severity === 'fatal' || severity === 'error')
    if (errors.length > 0)
      throw new HttpProblem(
        400,
        errors.map(({ message }) => ({ type: 'FATAL', text: message })),
      )
    const commands = commandsOf(q)
    const normalizedSearch = q.trim()
    return {
      status: 200,
      xml: () =>
        responseElement(
          `<dict>${key('normalizedSearch', xmlText(normalizedSearch))}</dict>`,
          `<list>${commands.map(commandElement).join('')}</list>`,
        ),
      json: () => ({ normalizedSearch, commands }),
    }
  },
})
