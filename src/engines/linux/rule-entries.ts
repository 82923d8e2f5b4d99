/**
 * Rules of stateful sets as entries of maps: however many there are, the kernel looks once for each shape that they
 * have. Rules of one shape differ in a block of one length and in one port at most. An entry leads to a chain of its
 * rule alone, which names it; so a new rule is an entry more, and nothing else is written again.
 */
import { keeping } from '../../network/kept.ts'
import { originText } from '../../network/origin.ts'
import type { Direction, InterfaceRule } from '../../network/rules.ts'
import type { TableBuilder } from './chains.ts'
import { type Comments, commentFor } from './comments.ts'
import { shapesOf } from './match.ts'
import { named } from './names.ts'
import type { NftChain } from './nft.ts'

/** A rule as the kernel has it. */
interface Entry {
  readonly shapes: readonly Shaped[]
  /** What stands behind a match: the verdict, with the rule's name. */
  readonly verdict: string
  /** The chain of this rule alone. */
  readonly name: string
  readonly chain: NftChain
  readonly comments: ReadonlyMap<string, string>
}

interface Shaped {
  /** What rules of this shape have in common, as nft's words; the whole match where `key` is empty. */
  readonly text: string
  readonly type: string
  readonly key: string
}

const keepEntry = { ingress: keeping<Entry>(), egress: keeping<Entry>() }

function entryOf({ rule, tracked }: InterfaceRule, direction: Direction, track: string): Entry {
  return keepEntry[direction](rule, [tracked, track], () => {
    const comments: Comments = new Map()
    const verdict = `counter ${tracked ? `goto ${track}` : 'accept'} ${commentFor(rule.origin, comments)}`
    return {
      shapes: shapesOf(rule.match, direction).map(({ text, keys }) => ({
        text: [text, keys.map(({ look }) => look).join(' . ')].filter(Boolean).join(' '),
        type: keys.map(({ type }) => type).join(' . '),
        key: keys.map(({ value }) => value).join(' . '),
      })),
      verdict,
      name: named(`sg-${direction}`, `${originText(rule.origin)} ${tracked}`),
      chain: { rules: [verdict] },
      comments,
    }
  })
}

/**
 * The lines for `rules` in a chain of this name, with the maps and chains that they lead to. Rules whose flows go
 * untracked come first (S10); of the same matches the first one's name is told.
 */
export function ruleLines(
  build: TableBuilder,
  chain: string,
  rules: readonly InterfaceRule[],
  direction: Direction,
  track: string,
  comments: Comments,
): string[] {
  return [false, true].flatMap((tracked) => {
    const [plain, shapes] = [[] as string[], new Map<string, string>()]
    for (const rule of rules) {
      if (rule.tracked !== tracked) continue
      const entry = entryOf(rule, direction, track)
      for (const [key, text] of entry.comments) comments.set(key, text)
      for (const { text, type, key } of entry.shapes) {
        if (key === '') plain.push([text, entry.verdict].filter(Boolean).join(' '))
        else {
          const map = shapes.get(text) ?? named(`rules-${direction}`, `${chain} ${tracked} ${text}`)
          shapes.set(text, map)
          build.putFirst(map, `${type} : verdict`, key, `goto ${build.made(entry.name, entry.chain)}`)
        }
      }
    }
    return [...plain, ...[...shapes].map(([text, map]) => `${text} vmap @${map}`).sort()]
  })
}
