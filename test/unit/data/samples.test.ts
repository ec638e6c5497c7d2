import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { events, type HecEvent, lines, SAMPLE } from '../../../data/generate.mjs'
import { extractor } from '../../../knowledge/extract/extractor'
import { at, blockOf, context, root, shippedKnowledge } from '../knowledge/extract/support'

const sample = (name: string) => gunzipSync(readFileSync(join(root, 'data', 'samples', `${name}.ndjson.gz`))).toString()
const read = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l) as HecEvent)
const extracted = (found: readonly HecEvent[]) =>
  extractor(shippedKnowledge(), context())(blockOf(found.map((e) => ({ ...e, raw: e.event }))))

describe('the samples', () => {
  test.each([
    ['sysmon-xml', 'xml'],
    ['sysmon-kv', 'text'],
  ] as const)('%s is what the generator makes', (name, form) => {
    expect(sample(name) === [...lines(SAMPLE.count, form, SAMPLE)].join('')).toBe(true)
  })

  test('both forms have the fields that the event was made with', () => {
    const made = [...events(SAMPLE.count, SAMPLE)]
    const forms = [extracted(read(sample('sysmon-xml'))), extracted(read(sample('sysmon-kv')))]
    for (const b of forms) {
      const wrong = made.flatMap((e, row) => e.data.filter(([name, value]) => at(b, name, row) !== value).map(([name]) => [row, name]))
      expect(wrong).toEqual([])
    }
    const same =
      'EventID EventCode Computer dest dvc user process process_name process_path process_id process_guid parent_process parent_process_name original_file_name signature action MD5 RecordNumber'.split(
        ' ',
      )
    for (const name of same) {
      const [xml, text] = forms.map((b) => made.map((_e, row) => at(b, name, row)))
      expect(xml!.every((v) => v !== null)).toBe(true)
      expect(text).toEqual(xml)
    }
  })

  test('FTP runs that read a script are told from those that do not', () => {
    const made = [...events(SAMPLE.count, SAMPLE)]
    const b = extracted(read(sample('sysmon-xml')))
    const rule = /ftp\s+(.{1,})?-s:.{1,}\.\w{2,5}/i
    const hits = made.flatMap((_e, row) => (rule.test(String(at(b, 'process', row))) ? [row] : []))
    expect(hits).toEqual(made.flatMap((e, row) => (e.script ? [row] : [])))
    expect(hits.length).toBeGreaterThan(3)
    const ftp = made.filter((_e, row) => /ftp/i.test(String(at(b, 'process', row))))
    expect(ftp.length).toBeGreaterThan(hits.length * 2)
  })
})
