import { readCatalogue } from '../search/catalogue'
import type { Endpoint } from './endpoint'

let read: readonly Endpoint[] | undefined

/** All endpoints. They are read when first asked for, since one of them, the list of `/services`, asks itself. */
export function endpoints(): readonly Endpoint[] {
  read ??= readCatalogue('endpoints').map(({ definition }) => definition as Endpoint)
  return read
}
