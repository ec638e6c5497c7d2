import type { Plugin } from 'esbuild'

export function catalogueFiles(kind: string): string[]
export function kindsAskedFor(source: string, importer: string): string[]
export const catalogues: Plugin
