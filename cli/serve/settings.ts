import type { LogLevel } from '../../server/log'
import { choice, flag, port, text, type Values } from '../flags'
import { headFlags, zoneFlag } from '../head-flags'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

export const serveFlags = {
  host: text('ADDRESS', 'the address to listen on; another than this machine needs a password of your own', '127.0.0.1', {
    env: 'HEADSTAND_HOST',
  }),
  port: port('port of the REST API; 0 is any that is free', 8089, { env: 'HEADSTAND_PORT' }),
  'hec-port': port('port of the HTTP Event Collector (usually 8088; a free one where --port is 0)', undefined, {
    env: 'HEADSTAND_HEC_PORT',
  }),
  'web-port': port('port of the page (usually 8000; a free one where --port is 0)', undefined, { env: 'HEADSTAND_WEB_PORT' }),
  db: text('DIR', 'the store; a temporary one, removed at the end, when not given', undefined, { env: 'HEADSTAND_DB' }),
  ...headFlags,
  tz: zoneFlag,
  'hec-token': text('TOKEN', 'token of the HTTP Event Collector', undefined, { env: ['HEADSTAND_HEC_TOKEN', 'SPLUNK_HEC_TOKEN'] }),
  'no-tls': flag('speak http in place of https', { env: 'HEADSTAND_NO_TLS' }),
  'log-level': choice(LEVELS, 'what is logged, on the standard error', 'info', { env: 'HEADSTAND_LOG_LEVEL' }),
  password: text('', "the password of 'admin'", undefined, { env: ['HEADSTAND_PASSWORD', 'SPLUNK_PASSWORD'], secret: true }),
}
export type ServeFlags = Values<typeof serveFlags>
