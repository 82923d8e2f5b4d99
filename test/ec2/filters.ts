/** For tests of Describe: each filter finds what it should, and nothing by another value. */
import assert from 'node:assert/strict'

export interface Filter {
  readonly Name: string
  readonly Values: string[]
}

/** Filter name → a value, and the ids that it finds. A value of `!` and itself must find nothing. */
export function assertFilters(
  found: (filters: Filter[]) => readonly (string | undefined)[],
  cases: Readonly<Record<string, readonly [value: string, ids: readonly string[]]>>,
): void {
  for (const [Name, [value, ids]] of Object.entries(cases)) {
    assert.deepEqual(found([{ Name, Values: [value] }]).toSorted(), ids.toSorted(), `${Name}=${value}`)
    assert.deepEqual(found([{ Name, Values: [`!${value}`] }]), [], `${Name}=!${value}`)
  }
}

interface Page<T> {
  readonly items: readonly T[]
  readonly NextToken?: string | undefined
}

/** What all pages hold, to the last, none of them larger than asked. */
export function allPages<T>(size: number, page: (query: { MaxResults: number; NextToken?: string }) => Page<T>): T[] {
  const all: T[] = []
  let token: string | undefined
  do {
    const { items, NextToken } = page({ MaxResults: size, ...(token !== undefined && { NextToken: token }) })
    assert.ok(items.length > 0 && items.length <= size, `a page of ${items.length}`)
    all.push(...items)
    token = NextToken
  } while (token !== undefined)
  return all
}
