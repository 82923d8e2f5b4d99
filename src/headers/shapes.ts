/** What the headers of a set are beside their addresses, for each pair of addresses. */
import { familyOf, type Ip } from '../ip/address.ts'
import { type Diagram, kidOf } from './diagram.ts'
import { point } from './field-sets.ts'
import { FAMILIES, familyValue, LEVEL, wordsOf } from './fields.ts'
import { type HeaderSet, intersect, NOTHING } from './header-set.ts'

/** An address, made ready to be asked about often. */
export interface Asked {
  /** As its level has it. */
  readonly family: number
  readonly words: readonly number[]
}

export const asked = (address: Ip): Asked => ({ family: familyValue(familyOf(address)), words: wordsOf(address) })

/** All that the headers from an address can be, with any addresses of its family. */
type Shapes = (source: Asked) => HeaderSet

/** The headers of a set to one address, with both addresses left out. */
export function shapesTo(set: HeaderSet, { family, words }: Asked): Shapes {
  const part = set.level === LEVEL.family ? kidOf(set, family) : set
  const below = descended(part, LEVEL.destination, words)
  const only = FAMILY[family] as HeaderSet
  return (source) => {
    if (source.family !== family || below === NOTHING) return NOTHING
    return intersect(only, descended(below, LEVEL.source, source.words) as HeaderSet)
  }
}

const FAMILY = FAMILIES.map((family) => point(LEVEL.family, familyValue(family)) as HeaderSet)

/** Below an address whose words are asked from `level` on. */
function descended(from: Diagram, level: number, words: readonly number[]): Diagram {
  let at = from
  while (at.level < level + words.length) at = kidOf(at, words[at.level - level] as number)
  return at
}
