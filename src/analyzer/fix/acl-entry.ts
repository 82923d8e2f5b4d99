/** Letting a packet pass at a subnet's edge: a numbered entry before the one that denies it (N1). */
import { ApiError } from '../../ec2/errors.ts'
import type { NetworkAcl } from '../../ec2/network-acl.ts'
import { type AclEntry, FINAL } from '../../ec2/network-acl-entry.ts'
import { familyOf } from '../../ip/address.ts'
import type { Direction } from '../../network/rules.ts'
import type { Input } from '../../protocol/types.ts'
import { callerOf } from './caller.ts'
import type { Rehearsal } from './rehearsal.ts'
import { kindOf, type Kind, type Scope, scopeOf } from './scope.ts'
import type { Cure, Cures, Task } from './task.ts'

type Entry = Input<'CreateNetworkAclEntry'>

export function aclEntryCures(task: Task<'allow'>, direction: Direction): Cures {
  const { state, blocker } = task
  const acl = state.get('network-acl', blocker.origin.resource)
  if (!acl) return `${blocker.origin.resource} is no network ACL that could be changed.`
  const egress = direction === 'egress'
  const deciding = numberIn(blocker.origin.rule)
  const scope = scopeOf(task, direction)
  const wanted = entryOf(kindOf(task), scope, acl, egress)
  const add: Cure = { style: 'address', carryOut: (r) => addBefore(r, acl.id, wanted, deciding, scope.comment) }
  const denying = acl.entries.find((e) => e.egress === egress && e.number === deciding)
  if (!denying || !isExactly(denying, wanted)) return [add]
  const turned = { ...wanted, RuleNumber: deciding }
  return [
    add,
    { style: 'replace', carryOut: (r) => void r.call('ReplaceNetworkAclEntry', turned, callerOf(acl), scope.comment) },
  ]
}

/** `ingress:110`; the final denial is `ingress:*`, or the list itself. */
function numberIn(rule: string | undefined): number {
  const number = Number(rule?.split(':')[1])
  return Number.isInteger(number) ? number : FINAL
}

/** Without a number yet. */
function entryOf({ protocol, ports, icmp }: Kind, { prefix }: Scope, { id }: NetworkAcl, Egress: boolean): Entry {
  return {
    NetworkAclId: id,
    Egress,
    RuleNumber: 0,
    RuleAction: 'allow',
    Protocol: String(protocol),
    ...(familyOf(prefix) === 4 ? { CidrBlock: prefix } : { Ipv6CidrBlock: prefix }),
    ...(ports && { PortRange: { From: ports.from, To: ports.to } }),
    ...(icmp && { IcmpTypeCode: { Type: icmp.type, Code: icmp.code } }),
  }
}

/** Whether the entry speaks of the same packets. */
const isExactly = (e: AclEntry, wanted: Entry): boolean =>
  (e.cidrBlock ?? e.ipv6CidrBlock) === (wanted.CidrBlock ?? wanted.Ipv6CidrBlock) &&
  e.protocol === wanted.Protocol &&
  e.ports?.from === wanted.PortRange?.From &&
  e.ports?.to === wanted.PortRange?.To &&
  e.icmp?.type === wanted.IcmpTypeCode?.Type &&
  e.icmp?.code === wanted.IcmpTypeCode?.Code

function addBefore(r: Rehearsal, aclId: string, wanted: Entry, deciding: number, comment?: string): void {
  const acl = r.state.get('network-acl', aclId)
  if (!acl) throw new Error(`${aclId} is gone`)
  const same = acl.entries.filter((e) => e.egress === wanted.Egress)
  if (same.some((e) => e.action === 'allow' && e.number < deciding && isExactly(e, wanted))) return
  const RuleNumber = freeNumber(new Set(same.map((e) => e.number)), deciding)
  r.call('CreateNetworkAclEntry', { ...wanted, RuleNumber }, callerOf(acl), comment)
}

/** Right before the entry that decides, behind all others; a round number where there is one. */
function freeNumber(taken: ReadonlySet<number>, deciding: number): number {
  const last = Math.max(0, ...[...taken].filter((n) => n < deciding))
  if (deciding === FINAL) {
    const next = last === 0 ? 100 : (Math.floor(last / 10) + 1) * 10
    if (next < FINAL) return next
  }
  const round = Math.floor((deciding - 1) / 10) * 10
  if (round > last) return round
  for (let n = deciding - 1; n > 0; n--) if (!taken.has(n)) return n
  throw new ApiError('NoFreeNumber', `No number is free before entry ${deciding}.`)
}
