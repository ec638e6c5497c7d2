/** Parameters of a request: name → values, in the order they came. A repeated name is a list. */
export type Form = ReadonlyMap<string, readonly string[]>

export function parseForm(text: string): Form {
  const form = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(text)) {
    const values = form.get(name)
    if (values) values.push(value)
    else form.set(name, [value])
  }
  return form
}

/** The query's parameters with those of the body, which win. */
export const mergedForms = (query: Form, body: Form): Form => new Map([...query, ...body])

export const firstOf = (form: Form, name: string): string | undefined => form.get(name)?.[0]
