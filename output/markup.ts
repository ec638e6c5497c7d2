// XML 1.0 has no place for most control characters, halves of pairs and two non-characters: they are dropped, as Splunk does.
const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const MARKUP = /[&<>]/g
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' }

/** Text between tags. */
export const xmlText = (text: string): string => text.replace(ILLEGAL, '').replace(MARKUP, (c) => ENTITIES[c]!)

/** Text inside an attribute, whatever its quotes. Line ends and tabs are written as references, or a parser makes blanks of them. */
export const xmlAttribute = (text: string): string =>
  text
    .replace(ILLEGAL, '')
    .replace(/[&<>'"]/g, (c) => ENTITIES[c]!)
    .replace(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`)
