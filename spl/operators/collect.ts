import type { Batch } from '../batch/batch'
import type { Demand } from '../batch/demand'
import { materialise } from '../batch/gather'
import type { RunContext } from '../syntax/behaviour'
import { KeptBytes } from './bytes'

/** All rows of a stage's input with the demanded columns, for a stage that must see the last row before the first can leave. */
export async function collect(input: AsyncIterable<Batch>, demand: Demand, context: RunContext): Promise<readonly Batch[]> {
  const kept: Batch[] = []
  const bytes = new KeptBytes()
  let reserved = 0
  for await (const batch of input) {
    const own = materialise(batch, demand, context.dictionary)
    bytes.add(own)
    const { total } = bytes
    context.reserve(total - reserved)
    reserved = total
    kept.push(own)
  }
  return kept
}
