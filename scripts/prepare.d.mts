export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface PrepareOptions {
  /** The folder that holds node_modules. */
  readonly root: string
  readonly log?: (line: string) => void
  /** Where the tools of a compile are looked for, to say which is missing. */
  readonly path?: string
  /** The addon's file in the cache. */
  readonly cached?: string
  readonly installer?: Command
  readonly compiler?: Command
}

export function addonPath(root: string): string
export function libcName(): 'glibc' | 'musl' | 'system'
export function cachePath(version: string, env?: Readonly<Record<string, string | undefined>>, libc?: string): string
export function loads(file: string): boolean
export function copyAtomically(from: string, to: string): void
export function missingTools(path?: string): string[]
export function headersFolder(execPath?: string): string | undefined
export function installerCommand(root: string): Command
export function compilerCommand(root: string, headers?: string): Command
export function runQuietly(
  command: Command,
  options: { readonly what: string; readonly log: (line: string) => void; readonly limitSeconds?: number; readonly noticeSeconds?: number },
): Promise<{ ok: boolean; output: string }>
export function prepare(options: PrepareOptions): Promise<'present' | 'cache' | 'installer' | 'compiler'>
