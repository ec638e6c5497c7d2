import { isEventTime } from '../../spl/values/time/civil'
import type { FoundEvent } from './event-json'

const OPENING = /<Event[\s>]/
const CLOSING = '</Event>'

/** Cuts Windows events in their XML form out of a text that comes in pieces; what stands around them (`<Events>`, line ends) is passed over. */
export class XmlEvents {
  private held = ''

  /** @param name  what a message calls the source. */
  constructor(private readonly name: string) {}

  *feed(piece: string): Generator<FoundEvent> {
    // The closing tag may be cut between two pieces.
    let from = Math.max(0, this.held.length - CLOSING.length)
    this.held += piece
    for (let end = this.held.indexOf(CLOSING, from); end >= 0; end = this.held.indexOf(CLOSING, from)) {
      const start = this.held.search(OPENING)
      const raw = this.held.slice(start, end + CLOSING.length)
      this.held = this.held.slice(end + CLOSING.length)
      from = 0
      if (start >= 0 && start < end) yield xmlEvent(raw)
    }
  }
  /** @throws Error when an event is still open */
  end(): void {
    if (OPENING.test(this.held)) throw new Error(`${this.name}: the last <Event> is not closed`)
  }
}

/** Source type, source and host as the Windows add-on's inputs give them. @source Splunk Add-on for Windows, inputs.conf with renderXml */
export function xmlEvent(raw: string): FoundEvent {
  const channel = /<Channel>([^<]+)<\/Channel>/.exec(raw)?.[1]
  const computer = /<Computer>([^<]+)<\/Computer>/.exec(raw)?.[1]
  const created = /<TimeCreated\s+SystemTime=["']([^"']+)["']/.exec(raw)?.[1]
  const seconds = created === undefined ? Number.NaN : systemTime(created)
  return {
    raw,
    time: isEventTime(seconds) ? seconds : undefined,
    sourcetype: 'XmlWinEventLog',
    ...(channel !== undefined && { source: `XmlWinEventLog:${channel}` }),
    ...(computer !== undefined && { host: computer }),
  }
}

/** Windows writes up to nine digits of a second; Date.parse would cut them to three. */
function systemTime(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(text)
  if (!match) return Number.NaN
  const whole = Date.parse(`${match[1]}T${match[2]}${match[4] ?? 'Z'}`) / 1000
  return Number(`${whole}${match[3] ?? ''}`)
}

const HEAD = /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}:\d{2}(?:\.\d+)? [AP]M\r?\nLogName=/
const NEXT = /\r?\n(?=\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}:\d{2}(?:\.\d+)? [AP]M\r?\nLogName=)/
/** Characters that the head of an event may take: so many wait for the next piece. */
const LONGEST_HEAD = 64

/** Whether a text begins as a Windows event in its key=value form: a time on a line of its own, then `LogName=`. */
export const isWindowsText = (text: string): boolean => HEAD.test(text.trimStart())

/** Cuts Windows events in their key=value form, each of several lines, out of a text that comes in pieces. */
export class WindowsTexts {
  private held = ''
  private looked = 0;

  *feed(piece: string): Generator<FoundEvent> {
    this.held += piece
    for (;;) {
      const found = NEXT.exec(this.held.slice(this.looked))
      if (!found) break
      const end = this.looked + found.index
      yield* windowsText(this.held.slice(0, end))
      this.held = this.held.slice(end + found[0].length)
      this.looked = 0
    }
    this.looked = Math.max(0, this.held.length - LONGEST_HEAD)
  }
  *end(): Generator<FoundEvent> {
    yield* windowsText(this.held)
  }
}

/** The time is in local time without a zone: the source type's props say how to read it. */
function* windowsText(text: string): Generator<FoundEvent> {
  const raw = text.trim()
  if (raw === '') return
  const log = /^LogName=(.+?)\r?$/m.exec(raw)?.[1]
  const computer = /^ComputerName=(.+?)\r?$/m.exec(raw)?.[1]
  yield {
    raw,
    time: undefined,
    sourcetype: 'WinEventLog',
    ...(log !== undefined && { source: `WinEventLog:${log}` }),
    ...(computer !== undefined && { host: computer }),
  }
}
