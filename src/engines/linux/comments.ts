/** Rule comments: the text of the fact behind a rule, so that a verdict of the kernel names its cause. */
import { type Origin, originText } from '../../network/origin.ts'
import { shortHash } from './names.ts'

/** What a shortened comment stands for. */
export type Comments = Map<string, string>

/** nft keeps 127 bytes. */
const LONGEST = 120

/** `comment "..."` for a rule; a text that does not fit is kept in `comments` under its hash. */
export function commentFor(origin: Origin, comments: Comments): string {
  const text = originText(origin).replaceAll('"', "'")
  if (text.length <= LONGEST) return `comment "${text}"`
  const key = `#${shortHash(text, 32)}`
  comments.set(key, text)
  return `comment "${key}"`
}

/** A drop that is counted and says why. */
export const drop = (origin: Origin, comments: Comments): string => `counter drop ${commentFor(origin, comments)}`
