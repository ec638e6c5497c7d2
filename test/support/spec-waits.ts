import { KNOWN_COMMANDS } from '../../search/known-commands'
import type { Language } from '../../spl/language'
import type { SpecCase } from './spec-case'

/** Eval functions and statistics that Splunk has; a case that calls one that is not here yet waits. @source Search Reference */
const KNOWN_CALLS = new Set(
  `abs acos acosh asin asinh atan atan2 atanh avg bit_and bit_not bit_or bit_shift_left bit_shift_right bit_xor case ceil ceiling cidrmatch coalesce
  commands cos cosh exact exp false floor hypot if ifnull in ipmask isarray isbool isdouble isint ismv isnotnull isnull isnum isobject isstr json
  json_append json_array json_array_to_mv json_delete json_entries json_extend json_extract json_extract_exact json_has_key_exact json_keys
  json_object json_set json_set_exact json_valid len length like ln log lookup lower ltrim match max md5 min mvappend mvcount mvdedup mvfilter
  mvfind mvindex mvjoin mvmap mvrange mvreverse mvsort mvzip mv_to_json_array now null nullif pi pow printf random relative_time replace round
  rtrim searchmatch sha1 sha256 sha512 sigfig sin sinh spath split sqrt strftime strptime substr sum tan tanh time tobool todouble toint tomv
  tonumber toarray toobject tostring trim true typeof upper urldecode validate`.split(/\s+/),
)
const KNOWN_STATISTICS =
  /^(c|count|dc|distinct_count|estdc|estdc_error|avg|mean|sum|sumsq|min|max|range|mode|median|stdev|stdevp|var|varp|first|last|earliest|latest|earliest_time|latest_time|rate|list|values|sparkline|per_(second|minute|hour|day)|(perc|p|exactperc|upperperc)\d+(\.\d+)?)$/i
/** Features of `search` that may be missing, by what they look like. */
const FEATURES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['subsearch', /\[/],
  ['eventtype', /\beventtype=/],
  ['tag', /\btag(::\w+)?=/],
  ['savedsearch', /\bsavedsearch=/],
  ['PREFIX', /\bPREFIX\(/],
]

/** Names that the case's text uses and the language lacks: what it waits for. Taken from the text, never from an error. */
export function waitsFor(c: SpecCase, language: Language): string[] {
  const text = c.search.replace(/"(?:\\.|[^"\\])*"/gs, '""').replace(/```[\s\S]*?```/g, ' ')
  const missing = new Set<string>()
  for (const m of text.matchAll(/(?:^|[|[])\s*([A-Za-z]\w*)/g)) {
    const name = m[1]!.toLowerCase()
    if (KNOWN_COMMANDS.has(name) && !language.commands.has(name)) missing.add(name)
  }
  for (const m of text.matchAll(/([A-Za-z_][\w.]*)\s*\(/g)) {
    const name = m[1]!.toLowerCase()
    if (KNOWN_CALLS.has(name) && !language.functions.has(name) && !KNOWN_STATISTICS.test(name)) missing.add(`${name}()`)
    const statistic = name.replace(/[\d.]+$/, '')
    if (
      KNOWN_STATISTICS.test(name) &&
      !language.aggregations.has(name) &&
      !language.aggregations.has(statistic) &&
      !language.functions.has(name)
    )
      missing.add(`${name}()`)
  }
  for (const [name, pattern] of FEATURES) if (pattern.test(text)) missing.add(name)
  if (c.given?.lookups) missing.add('lookups')
  return [...missing]
}
