export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Where the server says what it does: one line a message. Callers put no password, session key or token into a message. */
export interface Log {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
  error(text: string): void
}

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

/** Writes lines such as `2026-10-08T13:49:18.000Z WARN  text` for messages of this level and above. */
export function lineLog(level: LogLevel, write: (line: string) => void = (line) => void process.stderr.write(line)): Log {
  const least = ORDER.indexOf(level)
  const at = (name: LogLevel) => (text: string) => {
    if (ORDER.indexOf(name) < least) return
    write(`${new Date().toISOString()} ${name.toUpperCase().padEnd(5)} ${oneLine(text)}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Line ends and control characters of what clients send must not make lines of their own. */
const oneLine = (text: string): string =>
  text.replace(/\p{Cc}/gu, (c) => (c === '\n' ? '\\n' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`))
