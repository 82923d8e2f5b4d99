/** Joining a VPC and the internet: an internet gateway, attached (G3). */
import { attachedGateway, type InternetGateway } from '../../ec2/internet-gateway.ts'
import { tablesOf } from '../../ec2/route-table.ts'
import type { State } from '../../ec2/state.ts'
import { callerOf, vpcNamed } from './caller.ts'
import type { Rehearsal } from './rehearsal.ts'
import type { Cures, Task } from './task.ts'

export const internetGatewayCures = ({ remedy: { vpc } }: Task<'internet-gateway'>): Cures => [
  { style: 'address', carryOut: (r) => void ensureGateway(r, vpc) },
]

/** The gateway attached to a VPC: one that its routes name already is attached, else a new one is made. */
export function ensureGateway(r: Rehearsal, vpcId: string): string {
  const attached = attachedGateway(r.state, vpcId)
  if (attached) return attached.id
  const caller = callerOf(vpcNamed(r.state, vpcId))
  const id = detachedGateway(r.state, vpcId)?.id ?? create()
  r.call('AttachInternetGateway', { InternetGatewayId: id, VpcId: vpcId }, caller)
  return id

  function create(): string {
    const { InternetGateway } = r.call('CreateInternetGateway', {}, caller)
    return InternetGateway?.InternetGatewayId as string
  }
}

/** A gateway that is attached to nothing, and that a route of the VPC still leads to (R7). */
function detachedGateway(state: State, vpcId: string): InternetGateway | undefined {
  const targets = tablesOf(state, vpcId).flatMap((table) => table.routes.map(({ target }) => target))
  return targets
    .flatMap((target) => (target.type === 'internet-gateway' ? [state.get('internet-gateway', target.id)] : []))
    .find((gateway) => gateway !== undefined && gateway.vpcId === undefined)
}
