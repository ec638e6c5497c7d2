import * as zlib from 'node:zlib'
import { StoreError } from '../../event-store'

const { brotliCompressSync, brotliDecompressSync, constants } = zlib

/** Written beside each block. Never give a number a new meaning. */
export const CODECS = { none: 0, brotli: 1, lz4: 2, zstd: 3 } as const
export type Codec = keyof typeof CODECS

type Lz4 = typeof import('lz4-napi')
let loaded: Lz4 | null | undefined
/** An optional native package: without it blocks are written with brotli, at a third of the speed. */
function lz4(): Lz4 | null {
  if (loaded === undefined) {
    try {
      loaded = require('lz4-napi') as Lz4
    } catch {
      loaded = null
    }
  }
  return loaded
}

/** In Node from 22.15 on, where it takes 30 % less room than lz4; an index with such blocks is for no older one. */
const { zstdCompressSync, zstdDecompressSync } = zlib as {
  readonly zstdCompressSync?: (data: Uint8Array) => Buffer
  readonly zstdDecompressSync?: (data: Uint8Array) => Buffer
}

/** Whether blocks can be written with it here. */
export const canCompress = (codec: Codec): boolean =>
  codec === 'lz4' ? lz4() !== null : codec !== 'zstd' || zstdCompressSync !== undefined

/** Not zstd: docs/decisions/0024-codecs.md. */
export const bestCodec = (): Codec => (canCompress('lz4') ? 'lz4' : 'brotli')

/** Synchronous on purpose: asynchronous calls of native packages abort the process when a thread ends under them. */
export function compress(data: Buffer, codec: Codec): Buffer {
  if (codec === 'none' || data.length === 0) return data
  if (codec === 'brotli')
    return brotliCompressSync(data, { chunkSize: Math.max(64, data.length), params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
  if (codec === 'zstd') return (zstdCompressSync ?? missing(NO_ZSTD))(data)
  return (lz4() ?? missing('lz4, but the package lz4-napi is not installed')).compressSync(data)
}

/** All but lz4, which has a decoder of ours (`held-text.ts`). @param length of the data before it was compressed */
export function decompress(data: Buffer, codec: number, length: number): Buffer {
  if (codec === CODECS.none || length === 0) return data
  if (codec === CODECS.brotli) return brotliDecompressSync(data, { chunkSize: Math.max(64, length) })
  if (codec === CODECS.zstd) return (zstdDecompressSync ?? missing(NO_ZSTD))(data)
  return missing(`codec ${codec}, which this version does not know`)
}

const NO_ZSTD = 'zstd, which this version of Node does not have: 22.15 and later do'
function missing(codec: string): never {
  throw new StoreError('failed', `A block is written with ${codec}.`)
}
