/** A sentence for every notice: what stops nothing by itself, and yet should be known. */
import type { State } from '../../ec2/state.ts'
import type { Network } from '../../network/network.ts'
import type { Notice } from '../answer.ts'
import { label, listed, the } from './names.ts'

type Words = (state: State, notice: Notice) => string

const about = (state: State, { resources }: Notice): string =>
  listed(resources.map((id) => (id.includes('-') ? the(state, id) : id)))

/** Code → sentence, for all codes of `CODES` that are notices. */
export const NOTICES: Readonly<Record<string, Words>> = {
  ISTHMUS_LEAK_THROUGH_INTERNET_GATEWAY: (state, { resources: [gateway = '', address] }) =>
    `packets for the private address ${address} go out to ${the(state, gateway)}, which drops them.`,
  ISTHMUS_DNS_PUBLIC_ADDRESS: (state, { resources: [peering = '', instance = ''] }) =>
    [
      `the public DNS name of ${label(state, instance)} means its public address here, which leads over the internet.`,
      `Use the private address, or let ${the(state, peering)} resolve names.`,
    ].join(' '),
  ISTHMUS_STALE_GROUP_REFERENCE: (state, notice) =>
    `a rule names a group of a VPC that is no longer peered (a stale rule) and admits nobody: ${about(state, notice)}.`,
  ISTHMUS_MTU: (state, notice) => `larger packets that may not be fragmented do not pass ${about(state, notice)}.`,
}

/** What to know, without a capital at its beginning. */
export const noticeWords = (state: State, _: Network, notice: Notice): string =>
  NOTICES[notice.code]?.(state, notice) ?? `${notice.code}: ${about(state, notice)}.`
