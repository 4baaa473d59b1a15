// api => package.Class.method(type name, type name)[:line]

export interface ApiDescription {
  simpleClassName: string
  /** method with its parameters, types without their packages */
  method: string
}

/** The short form of a method's description; null when it is none. */
export function parseApi(api: string): ApiDescription | null {
  const open = api.lastIndexOf('(')
  const close = api.lastIndexOf(')')
  const dot = open < 0 ? -1 : api.lastIndexOf('.', open)
  if (open < 0 || close < open || dot < 0) return null
  const className = api.slice(0, dot)
  const parameters = api.slice(open + 1, close)
  const simple = parameters === '' ? [] : parameters.split(/, |,/).map((text) => text.slice(text.lastIndexOf('.') + 1))
  // a split of the original drops empty texts at the end
  while (simple.at(-1) === '') simple.pop()
  return {
    simpleClassName: className.slice(className.lastIndexOf('.') + 1),
    method: `${api.slice(dot + 1, open)}(${simple.join(', ')})`,
  }
}
