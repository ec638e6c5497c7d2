/** Promises under way, so many at most; the first failure is thrown at the next chance, the others are not left unawaited. */
export class Ahead {
  private readonly running: Promise<void>[] = []
  private failure: { readonly error: unknown } | undefined
  constructor(private readonly most: number) {}

  async add(job: Promise<void>): Promise<void> {
    this.running.push(
      job.catch((error: unknown) => {
        this.failure ??= { error }
      }),
    )
    if (this.running.length >= this.most) await this.running.shift()
    if (this.failure) await this.end()
  }
  async end(): Promise<void> {
    await Promise.all(this.running.splice(0))
    if (this.failure) throw this.failure.error
  }
}
