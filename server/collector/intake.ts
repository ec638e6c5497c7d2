import { CollectorProblem } from './problems'

/** Counts the bytes that all requests together hold in memory: read from the network and not yet with the engine. */
export class Intake {
  private held = 0
  constructor(private readonly mostBytes: number) {}

  /** @throws CollectorProblem 9 when it would be too much */
  take(bytes: number): void {
    if (this.held + bytes > this.mostBytes) throw new CollectorProblem(9)
    this.held += bytes
  }
  give(bytes: number): void {
    this.held -= bytes
  }
  get bytes(): number {
    return this.held
  }
}

/** The share of one request: what it has not given back, it gives back at its end. */
export class Share {
  private held = 0
  constructor(private readonly intake: Intake) {}

  take(bytes: number): void {
    this.intake.take(bytes)
    this.held += bytes
  }
  give(bytes: number): void {
    this.intake.give(bytes)
    this.held -= bytes
  }
  end(): void {
    this.give(this.held)
  }
}
