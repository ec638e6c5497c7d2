import { arch, cpus, release, totalmem, type, version } from 'node:os'
import { feedAnswer, systemAcl } from '../atom'
import { endpoint } from '../endpoint'
import { originOf } from '../origin'

const PATH = '/services/server/info'

export default endpoint({
  method: 'GET',
  path: ['server/info', 'server/info/server-info'],
  summary: 'What server this is.',
  source: 'REST API Reference 9.x, server/info; key types captured from 10.6',
  params: {},
  unknown: 'ignore',
  handle(request) {
    const { head, settings } = request
    const content = {
      version: settings.version,
      build: settings.build,
      serverName: head.serverName,
      guid: head.guid,
      master_guid: head.guid,
      manager_guid: head.guid,
      host: head.serverName,
      host_fqdn: head.serverName,
      // Headstand has no licence; splunklib's tests want the keys, and that the state is OK.
      activeLicenseGroup: 'Enterprise',
      licenseKeys: [],
      licenseSignature: '',
      licenseState: 'OK',
      isFree: false,
      isTrial: false,
      isForwarding: false,
      mode: 'normal',
      product_type: 'enterprise',
      server_roles: ['indexer', 'search_head'],
      rtsearch_enabled: false,
      kvStoreStatus: 'disabled',
      health_info: head.healthy() ? 'green' : 'red',
      shutting_down: '0',
      startup_time: Math.floor(head.startedAt),
      cpu_arch: arch() === 'x64' ? 'x86_64' : arch(),
      numberOfCores: cpus().length,
      numberOfVirtualCores: cpus().length,
      physicalMemoryMB: Math.floor(totalmem() / 2 ** 20),
      os_name: type(),
      os_build: version(),
      os_version: release(),
    }
    const path = `${PATH}/server-info`
    const entry = { name: 'server-info', path, author: 'system', links: { list: path }, acl: systemAcl, content }
    return feedAnswer(
      { title: 'server-info', path: PATH, entries: [entry], paging: { total: 1, perPage: 30, offset: 0 }, messages: [] },
      originOf(request),
    )
  },
})
