import type { Batch } from '../batch/batch'
import type { Demand } from '../batch/demand'
import { materialise } from '../batch/gather'
import type { RunContext } from '../syntax/behaviour'
import { bytesOf } from './bytes'

/** All rows of a stage's input with the demanded columns, for a stage that must see the last row before the first can leave. */
export async function collect(input: AsyncIterable<Batch>, demand: Demand, context: RunContext): Promise<readonly Batch[]> {
  const kept: Batch[] = []
  for await (const batch of input) {
    const own = materialise(batch, demand, context.dictionary)
    context.reserve(bytesOf(own))
    kept.push(own)
  }
  return kept
}
