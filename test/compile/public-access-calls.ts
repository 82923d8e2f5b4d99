/** Random calls of VPC Block Public Access. */
import type { Random } from '../differential/random.ts'
import { type Call, calls } from './any-call.ts'

const exclusionMode = (random: Random) => random.pick(['allow-bidirectional', 'allow-egress'] as const)

export const PUBLIC_ACCESS_CALLS: readonly (readonly [number, Call])[] = [
  [
    1,
    calls('ModifyVpcBlockPublicAccessOptions', (_, random) => ({
      InternetGatewayBlockMode: random.pick(['off', 'block-bidirectional', 'block-ingress'] as const),
    })),
  ],
  [
    2,
    calls('CreateVpcBlockPublicAccessExclusion', (any, random) => ({
      ...(random.chance(0.7) ? { SubnetId: any.id('subnet') } : { VpcId: any.id('vpc') }),
      InternetGatewayExclusionMode: exclusionMode(random),
    })),
  ],
  [
    1,
    calls('ModifyVpcBlockPublicAccessExclusion', (any, random) => ({
      ExclusionId: any.id('vpc-block-public-access-exclusion'),
      InternetGatewayExclusionMode: exclusionMode(random),
    })),
  ],
  [
    1,
    calls('DeleteVpcBlockPublicAccessExclusion', (any) => ({
      ExclusionId: any.id('vpc-block-public-access-exclusion'),
    })),
  ],
]
