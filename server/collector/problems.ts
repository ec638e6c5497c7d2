/** Answers of the collector: code → status and text. @source HEC reference 9.x, "Possible error codes"; measured on 10.4 */
export const CODES = {
  0: [200, 'Success'],
  1: [403, 'Token disabled'],
  2: [401, 'Token is required'],
  3: [401, 'Invalid authorization'],
  4: [403, 'Invalid token'],
  5: [400, 'No data'],
  6: [400, 'Invalid data format'],
  7: [400, 'Incorrect index'],
  8: [500, 'Internal server error'],
  9: [503, 'Server is busy'],
  10: [400, 'Data channel is missing'],
  11: [400, 'Invalid data channel'],
  12: [400, 'Event field is required'],
  13: [400, 'Event field cannot be blank'],
  14: [400, 'ACK is disabled'],
  15: [400, 'Error in handling indexed fields'],
  16: [400, 'Query string authorization is not enabled'],
  17: [200, 'HEC is healthy'],
  18: [503, 'HEC is unhealthy, queues are full'],
  21: [400, 'Invalid token'],
  22: [400, 'Token disabled'],
  23: [503, 'Server is shutting down'],
} as const satisfies Readonly<Record<number, readonly [status: number, text: string]>>
export type CollectorCode = keyof typeof CODES

/** A refusal of the collector. */
export class CollectorProblem extends Error {
  override readonly name = 'CollectorProblem'
  /** @param eventNumber  as the answer says it */
  constructor(
    readonly code: CollectorCode,
    readonly eventNumber?: number,
  ) {
    super(CODES[code][1])
  }
}
