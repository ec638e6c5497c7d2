import { Acknowledgements } from './acknowledgements'
import { Intake } from './intake'

/** What the collector keeps between requests. */
export interface CollectorState {
  readonly intake: Intake
  readonly acknowledgements: Acknowledgements
}

export const collectorState = (heldBytes: number): CollectorState => ({
  intake: new Intake(heldBytes),
  acknowledgements: new Acknowledgements(),
})
