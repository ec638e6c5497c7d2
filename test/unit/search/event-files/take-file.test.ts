import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { formatOf, type TakingFile, takeFile } from '../../../../search/event-files/take-file'
import { WindowsTexts, XmlEvents, xmlEvent } from '../../../../search/event-files/windows-events'
import { createSearchHead, type SearchHead } from '../../../../search/main'

const XML = (n: number) =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>${n}</EventID><TimeCreated SystemTime='2024-05-01T10:00:0${n}.1234567Z'/><Channel>Security</Channel><Computer>pc</Computer></System></Event>`
const TEXT = (n: number) =>
  `05/01/2024 10:00:0${n} AM\nLogName=Security\nEventCode=${n}\nComputerName=pc\nMessage=It is.\n\nSubject:\n\tName:\tx`

describe('formats', () => {
  test.each([
    ['{"a":1}', 'json'],
    [' [\n {"a":1}]', 'json'],
    [XML(1), 'xml'],
    [`<?xml version="1.0"?>\n<Events>${XML(1)}`, 'xml'],
    ['<html><body>', 'raw'],
    [TEXT(1), 'wineventlog'],
    ['05/01/2024 10:00:00 AM something', 'raw'],
    ['2024-05-01 line', 'raw'],
    ['[INFO] {', 'raw'],
    ['', 'raw'],
  ])('%j is %s', (start, format) => {
    expect(formatOf(start)).toBe(format)
  })
})

describe('Windows events', () => {
  test('XML says its source type, source, host and time, to the last digit', () => {
    expect(xmlEvent(XML(1))).toEqual({
      raw: XML(1),
      time: 1714557601.1234567,
      sourcetype: 'XmlWinEventLog',
      source: 'XmlWinEventLog:Security',
      host: 'pc',
    })
    expect(xmlEvent('<Event/>')).toEqual({ raw: '<Event/>', time: undefined, sourcetype: 'XmlWinEventLog' })
  })

  test.each([1, 7, 100, 100_000])('XML in pieces of %d characters', (size) => {
    const text = `<?xml version="1.0"?>\n<Events>\n${XML(1)}\n${XML(2)}${XML(3)}</Events>\n`
    const events = new XmlEvents('f')
    const found: string[] = []
    for (let at = 0; at < text.length; at += size) for (const { raw } of events.feed(text.slice(at, at + size))) found.push(raw as string)
    events.end()
    expect(found).toEqual([XML(1), XML(2), XML(3)])
  })

  test('XML that ends in an event', () => {
    const events = new XmlEvents('f')
    expect([...events.feed(XML(1).slice(0, -3))]).toEqual([])
    expect(() => events.end()).toThrow('f: the last <Event> is not closed')
  })

  test.each([1, 9, 100, 100_000])('text in pieces of %d characters, with either line end', (size) => {
    for (const newline of ['\n', '\r\n']) {
      const wanted = [TEXT(1), TEXT(2), TEXT(3)].map((text) => text.replaceAll('\n', newline))
      const text = `${newline}${wanted.join(newline)}${newline}${newline}`
      const events = new WindowsTexts()
      const found = []
      for (let at = 0; at < text.length; at += size) found.push(...events.feed(text.slice(at, at + size)))
      found.push(...events.end())
      expect(found.map(({ raw }) => raw)).toEqual(wanted)
      expect(found[1]).toMatchObject({ time: undefined, sourcetype: 'WinEventLog', source: 'WinEventLog:Security', host: 'pc' })
    }
  })
})

describe('taken into a head', () => {
  let head: SearchHead
  beforeAll(async () => {
    head = await createSearchHead({ now: 1714560000 })
  })
  afterAll(() => head.close())

  const take = (content: string | Uint8Array, taking: TakingFile = {}) =>
    takeFile(head, { name: 'in.log', stream: Readable.from([Buffer.from(content as string)]) }, taking)
  const found = async (search: string) => {
    const base = { owner: 'admin', app: 'search', indexesAllowed: ['*'], indexesDefault: ['*'], ttlSeconds: 60, maxCount: 1000 }
    const job = await head.start({ ...base, search, maxTimeSeconds: 0, preview: false, origin: 'test', echo: {} })
    await job.finished()
    return (await job.rows({ kind: 'results', offset: 0, count: 0 })).rows
  }

  test('XML, packed, in UTF-16', async () => {
    const text = Buffer.from(`\uFEFF${XML(1)}\r\n${XML(2)}`, 'utf16le')
    expect(await take(gzipSync(text), { override: { index: 'one' } })).toBe(2)
    expect(await found('search index=one | table _time host source sourcetype index')).toEqual([
      ['1714557602.123457', 'pc', 'XmlWinEventLog:Security', 'XmlWinEventLog', 'one'],
      ['1714557601.123457', 'pc', 'XmlWinEventLog:Security', 'XmlWinEventLog', 'one'],
    ])
  })

  test('text of Windows gets its time from the text', async () => {
    expect(await take(`${TEXT(1)}\n${TEXT(2)}`, { override: { index: 'two', host: 'h' } })).toBe(2)
    expect(await found('search index=two | table _time host source _raw')).toEqual([
      ['1714557602', 'h', 'WinEventLog:Security', TEXT(2)],
      ['1714557601', 'h', 'WinEventLog:Security', TEXT(1)],
    ])
  })

  test('raw lines, with a source type of the file name; the format may be told', async () => {
    const progress: number[][] = []
    const text = '2024-05-01 10:00:00 {"a":1}\n2024-05-01 10:00:01 {"a":2}\n'
    expect(await take(text, { override: { index: 'three' }, progress: (...at) => progress.push(at) })).toBe(2)
    expect(await found('search index=three | table _raw sourcetype source')).toEqual([
      ['2024-05-01 10:00:01 {"a":2}', 'in', 'in.log'],
      ['2024-05-01 10:00:00 {"a":1}', 'in', 'in.log'],
    ])
    expect(progress.at(-1)).toEqual([text.length, 2])
    expect(await take('{"time":5,"event":"x"}', { format: 'raw', override: { index: 'four', time: 7 } })).toBe(1)
    expect(await found('search index=four | table _time _raw')).toEqual([['7', '{"time":5,"event":"x"}']])
  })

  test('JSON whose time no event can have is refused and named; a Windows event then has another time', async () => {
    const text = '{"time":1700000000,"event":"near"}\n{"time":1700000000000,"event":"far"}'
    await expect(take(text)).rejects.toThrow(/^in\.log: 1700000000000 is no time of an event: .*"far"/)
    expect(await take(XML(1).replace('2024', '1601'), { override: { index: 'five' } })).toBe(1)
    expect(await found('search index=five | table _time')).toEqual([['1714560000']])
  })

  test('an empty file holds no event', async () => {
    expect(await take('')).toBe(0)
  })

  test.each([
    ['ElfFile\0\0\0\0', 'a binary Windows event log'],
    ['PK\x03\x04aaaaaa', 'a ZIP archive'],
    ['BZh91AY&SY', 'compressed with bzip2'],
  ])('%j is refused', async (content, what) => {
    await expect(take(content)).rejects.toThrow(`Not supported by Headstand: in.log is ${what}`)
  })

  test('a damaged gzip file is named', async () => {
    const packed = gzipSync(XML(1).repeat(100))
    await expect(take(packed.subarray(0, packed.length - 20))).rejects.toThrow(/^in\.log: /)
  })

  test('a signal ends it', async () => {
    await expect(take(XML(1), { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  })

  test('a signal ends it while it waits for more', async () => {
    const control = new AbortController()
    const stream = new Readable({ read: () => void setImmediate(() => control.abort('enough')) })
    await expect(takeFile(head, { name: 'in.log', stream }, { signal: control.signal })).rejects.toBe('enough')
  })
})
