/** The parameters of a Query request: `Filter.1.Value.2=x` is the place Filter, 1, Value, 2 with the value x. */
import { ApiError } from '../ec2/errors.ts'

/** A value, or places below it; a request can wrongly say both, and the decoder refuses that. */
export interface Place {
  value?: string
  below?: Map<string, Place>
}

/** Deeper than any structure of the API (which needs 13), so that a hostile name can not cost memory. */
const deepest = 24

/** Those that belong to the request itself; all others belong to the action. */
const common = /^(Action|Version|X-Amz-.*)$/

/**
 * The parameters of the action as a tree. Errors: InvalidQueryParameter for one given twice, UnknownParameter for a
 * name deeper than the API is.
 */
export function parameterTree(parameters: Iterable<readonly [string, string]>): Place {
  const root: Place = {}
  for (const [name, value] of parameters) {
    if (common.test(name)) continue
    const place = placeOf(root, name)
    if (place.value !== undefined) throw new ApiError('InvalidQueryParameter', `The parameter ${name} is given twice`)
    place.value = value
  }
  return root
}

function placeOf(root: Place, name: string): Place {
  const parts = name.split('.', deepest + 1)
  if (parts.length > deepest) throw unknownParameter(name.slice(0, 200))
  return parts.reduce(placeBelow, root)
}

function placeBelow(place: Place, part: string): Place {
  place.below ??= new Map()
  const known = place.below.get(part)
  if (known) return known
  const made: Place = {}
  place.below.set(part, made)
  return made
}

export const unknownParameter = (name: string): ApiError =>
  new ApiError('UnknownParameter', `The parameter ${name} is not recognized`)
