/** Where a fact of the network comes from: carried into traces, nft comments, citations and highlights. */

/** The EC2 resource, its rule and AWS's explanation code behind a fact. Every fact has one. */
export interface Origin {
  /** Resource id, such as `rtb-0abc...`. */
  readonly resource: string
  /** What within the resource: a rule id, a route's destination, an ACL entry's number and direction. */
  readonly rule?: string
  /** The explanation code that applies when this fact stops a packet (spec 2.3). */
  readonly code?: string
}

/** `resource/rule/CODE` with empty parts kept: one word that fits an nft comment, and reads back. */
export const originText = ({ resource, rule = '', code = '' }: Origin): string => `${resource}|${rule}|${code}`

export function parseOrigin(text: string): Origin {
  const [resource = '', rule = '', code = ''] = text.split('|')
  return { resource, ...(rule && { rule }), ...(code && { code }) }
}

/** The name of a fact: two origins with the same key are the same fact. The code is its explanation, not its name. */
export const originKey = ({ resource, rule = '' }: Origin): string => `${resource}|${rule}`
