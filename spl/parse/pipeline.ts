import type { Language } from '../language'
import { ArgumentReader } from '../syntax/arguments'
import type { Command } from '../syntax/command'
import type { Stage } from '../syntax/stage'
import { nearest, type Problem, SplProblem } from '../text/problem'
import { fail, notSupported } from '../text/problems'
import type { Span } from '../text/source'
import { splitStages } from './split'

/** A text, read. With any problem of severity fatal or error there is nothing to run. */
export interface Pipeline {
  readonly stages: readonly Stage[]
  readonly problems: readonly Problem[]
}

const NAME = /[A-Za-z_][\w.-]*/y
/** Commands of Splunk that are known to be missing here: "not supported" is another answer than "unknown". */
export type KnownCommands = ReadonlySet<string>

/**
 * Reads every stage by its command's own syntax. A problem in one stage does not stop the reading of the others.
 * @param known  names that Splunk has: those without a definition are refused as not supported
 */
export function readPipeline(text: string, language: Language, known: KnownCommands): Pipeline {
  const problems: Problem[] = []
  const stages: Stage[] = []
  let id = 0
  const collect = (job: () => void) => {
    try {
      job()
    } catch (e) {
      if (!(e instanceof SplProblem)) throw e
      problems.push(e.problem)
    }
  }
  collect(() => {
    const split = splitStages(text)
    split.stages.forEach(({ span }, i) => {
      collect(() =>
        stages.push(readStage({ text, span, language, known, first: i === 0, leadingPipe: split.leadingPipe, nextId: () => ++id })),
      )
    })
  })
  return { stages, problems }
}

interface StageReading {
  readonly text: string
  readonly span: Span
  readonly language: Language
  readonly known: KnownCommands
  readonly first: boolean
  readonly leadingPipe: boolean
  nextId(): number
}

function readStage(x: StageReading): Stage {
  const { text, span, language } = x
  NAME.lastIndex = span.start
  const name = NAME.exec(text)?.[0] ?? text.slice(span.start, span.end).split(/[\s(=]/)[0]!
  const at = { start: span.start, end: span.start + Math.max(1, name.length) }
  const command = language.commands.get(name.toLowerCase())
  if (!command) throw unknown(name, at, x)
  checkPlace(command, x, at)
  const r = new ArgumentReader(
    text,
    { start: span.start + name.length, end: span.end },
    { command: command.name, vocabulary: language, nextId: x.nextId },
  )
  return command.read(r, span)
}

function unknown(name: string, at: Span, x: StageReading): SplProblem {
  if (x.known.has(name.toLowerCase())) return notSupported(`the '${name.toLowerCase()}' command`, at)
  return fail('unknown-command', { name, nearest: nearest(name, x.language.commands.keys()) }, at)
}

/** A generating command stands first, after a leading pipe; others do not. */
function checkPlace(command: Command, x: StageReading, at: Span): void {
  if (command.kind === 'generating' && !command.scans) {
    if (!x.first) throw fail('generating-not-first', { command: command.name }, at)
    return
  }
  if (x.first && !command.scans) throw fail('cannot-be-first', { command: command.name }, at)
}
