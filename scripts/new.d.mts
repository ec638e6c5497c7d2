export const kinds: readonly string[]
export function scaffold(kind: string, name: string | undefined): Readonly<Record<string, string>>
export function create(root: string, kind: string, name: string | undefined): readonly string[]
