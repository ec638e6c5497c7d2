/** Promises under way, so many at most; the first failure is thrown at the next chance, the others are not left unawaited. */
export class Ahead {
  private readonly running: Promise<void>[] = []
  private failure: { readonly error: unknown } | undefined

  /** @param busy called once, when so many are under way or no more come */
  constructor(
    private readonly most: number,
    private busy = () => {},
  ) {}

  async add(job: Promise<void>): Promise<void> {
    this.running.push(
      job.catch((error: unknown) => {
        this.failure ??= { error }
      }),
    )
    if (this.running.length >= this.most) {
      this.tell()
      await this.running.shift()
    }
    if (this.failure) await this.end()
  }
  async end(): Promise<void> {
    this.tell()
    await Promise.all(this.running.splice(0))
    if (this.failure) throw this.failure.error
  }
  private tell(): void {
    this.busy()
    this.busy = () => {}
  }
}
