import type { SearchRequest } from '../../search/head'

/** As an administrator's, of all results. */
export const searchRequest = (search: string, more: Partial<SearchRequest> = {}): SearchRequest => ({
  search,
  owner: 'admin',
  app: 'search',
  indexesAllowed: ['*'],
  indexesDefault: ['main'],
  ttlSeconds: 60,
  maxCount: 0,
  maxTimeSeconds: 0,
  preview: false,
  origin: 'test',
  echo: {},
  ...more,
})
