import type { Batch } from '../batch/batch'
import type { Demand } from '../batch/demand'
import type { Predicate } from '../expressions/predicate'
import type { Span } from '../text/source'
import type { ArgumentReader } from './arguments'
import type { Accumulator, Behaviour, MapBatch, RunContext, StepBatch } from './behaviour'
import { type Missing, type ReadArguments, readArguments } from './read'
import type { Args, Grammar } from './shapes'
import type { Stage } from './stage'

/** Splunk's classes of commands. */
export type CommandKind =
  | 'distributable streaming'
  | 'centralized streaming'
  | 'transforming'
  | 'generating'
  | 'dataset processing'
  | 'orchestrating'

/** All that is known of a command, as its file says it. */
export type Definition<G extends Grammar> = {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly source: string
  readonly kind: CommandKind
  readonly syntax: G
  /** What it says where a part that it needs is missing, by the part's key: its text, or the whole problem. */
  readonly missing?: { readonly [K in keyof G]?: Missing }
  /** Refusals that depend on several parts; phase `setup`. */
  readonly check?: (args: Args<G>, spans: Readonly<Record<string, unknown>>) => void
  /** Fields and order that it needs from its input, given those wanted after it. */
  readonly needs: (args: Args<G>, after: Demand) => Demand
  /** The condition on events that it stands for, which a store may use. */
  readonly filter?: (args: Args<G>) => Predicate
  /** As the first command it reads events. */
  readonly scans?: true
  /** It asks what the indexes hold (`Host.store`), without being a search for events. */
  readonly inspects?: true
  /** The most rows that it lets through: a sort before it keeps no more. */
  readonly atMost?: (args: Args<G>) => number | undefined
  /** The arguments with which it keeps only its first rows; undefined when it keeps no more anyway. */
  readonly keepFirst?: (args: Args<G>, rows: number) => Args<G> | undefined
  /** Its rows come in a sequence of their own: a new place in the order of events. */
  readonly reorders?: true
  readonly examples: readonly string[]
} & (Behaviour<Args<G>> | Forms<Args<G>>)

/** The form follows from the arguments: `bin` with a span maps rows, without one it needs to see all of them first. */
interface Forms<A> {
  readonly forms: (args: A) => Behaviour<A>
}

/** A stage with its arguments closed over. */
export type BoundBehaviour =
  | { readonly form: 'map'; open(context: RunContext): MapBatch }
  | { readonly form: 'step'; readonly perTask: boolean; open(context: RunContext): StepBatch }
  | { readonly form: 'accumulate'; open(context: RunContext): Accumulator }
  | { readonly form: 'generate'; open(context: RunContext): Iterable<Batch> | AsyncIterable<Batch> }
  | { readonly form: 'run'; open(input: AsyncIterable<Batch>, context: RunContext): AsyncIterable<Batch> }
  | { readonly form: 'rewrite'; readonly stages: readonly Stage[] }

export interface BoundStage {
  readonly stage: Stage
  readonly command: Command
  readonly behaviour: BoundBehaviour
  needs(after: Demand): Demand
  filter(): Predicate | undefined
  atMost(): number | undefined
  keepFirst(rows: number): Stage | undefined
}

/** What the rest of the program sees of a command: the type of its arguments is closed over. */
export interface Command {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly source: string
  readonly kind: CommandKind
  readonly scans: boolean
  readonly inspects: boolean
  readonly reorders: boolean
  readonly usage: string
  readonly syntax: Grammar
  readonly examples: readonly string[]
  /** Reads and checks the arguments that stand in the reader. */
  read(r: ArgumentReader, span: Span): Stage
  bind(stage: Stage): BoundStage
}

/** A command of the catalogue, its arguments typed by its own syntax. */
export function command<const G extends Grammar>(d: Definition<G>): Command {
  const self: Command = {
    name: d.name,
    aliases: d.aliases ?? [],
    summary: d.summary,
    source: d.source,
    kind: d.kind,
    scans: d.scans ?? false,
    inspects: d.inspects ?? false,
    reorders: d.reorders ?? false,
    usage: [d.name, ...Object.values(d.syntax).flatMap((s) => s.usage || [])].join(' '),
    syntax: d.syntax,
    examples: d.examples,
    read(r, span) {
      const { args, spans }: ReadArguments = readArguments(r, d.syntax, (d.missing ?? {}) as Readonly<Record<string, Missing>>)
      d.check?.(args as Args<G>, spans)
      return { command: d.name, args, span, spans }
    },
    bind(stage) {
      const args = stage.args as Args<G>
      return {
        stage,
        command: self,
        behaviour: bound('forms' in d ? d.forms(args) : d, args, stage),
        needs: (after) => d.needs(args, after),
        filter: () => d.filter?.(args),
        atMost: () => d.atMost?.(args),
        keepFirst: (rows) => {
          const fewer = d.keepFirst?.(args, rows)
          return fewer && { ...stage, args: fewer }
        },
      }
    },
  }
  return self
}

function bound<A>(d: Behaviour<A>, args: A, stage: Stage): BoundBehaviour {
  if ('map' in d) return { form: 'map', open: (context) => d.map(args, context) }
  if ('step' in d) return { form: 'step', perTask: d.perTask?.(args) ?? false, open: (context) => d.step(args, context) }
  if ('accumulate' in d) return { form: 'accumulate', open: (context) => d.accumulate(args, context) }
  if ('generate' in d) return { form: 'generate', open: (context) => d.generate(args, context) }
  if ('run' in d) return { form: 'run', open: (input, context) => d.run(args, input, context) }
  return { form: 'rewrite', stages: d.rewrite(args).map((s) => ({ ...s, span: stage.span, spans: {} })) }
}
