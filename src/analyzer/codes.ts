/** Explanation codes: AWS's, by which facts are marked, and our own, for what AWS's lack (2.3). */
import { BLOCKED } from '../ec2/vpc-block-public-access.ts'
import type { Stage } from '../network/flow.ts'
import { ICMP, ICMPV6 } from '../network/match.ts'

/** Our own namespace. */
export const OWN = {
  icmpBlocked: 'ISTHMUS_ICMP_BLOCKED',
  returnBlocked: 'ISTHMUS_RETURN_BLOCKED',
  replyToWrongVpc: 'ISTHMUS_REPLY_TO_WRONG_VPC',
  deliveredToAnother: 'ISTHMUS_DELIVERED_TO_ANOTHER',
  staleGroup: 'ISTHMUS_STALE_GROUP_REFERENCE',
  publicName: 'ISTHMUS_DNS_PUBLIC_ADDRESS',
  instanceConnect: 'ISTHMUS_INSTANCE_CONNECT_NO_PUBLIC_IPV4',
  mtu: 'ISTHMUS_MTU',
  leak: 'ISTHMUS_LEAK_THROUGH_INTERNET_GATEWAY',
  noPublicAddress: 'ISTHMUS_NO_PUBLIC_ADDRESS',
  noInternetGateway: 'ISTHMUS_NO_INTERNET_GATEWAY',
  notRunning: 'ISTHMUS_NOT_RUNNING',
  notForwarded: 'ISTHMUS_NOT_FORWARDED',
  serviceSource: 'ISTHMUS_SERVICE_SOURCE',
  servicePort: 'ISTHMUS_SERVICE_PORT',
  linkLocal: 'ISTHMUS_LINK_LOCAL',
  natProtocol: 'ISTHMUS_NGW_PROTOCOL',
  natUnasked: 'ISTHMUS_NGW_UNASKED',
  natLoop: 'ISTHMUS_NGW_LOOP',
} as const

/** Every code that an answer may have: those of facts, and our own. */
export const CODES: readonly string[] = [
  'BAD_STATE',
  'BAD_STATE_ROUTE',
  'DISCONNECTED_VPCS',
  'ENI_ADDRESS_RESTRICTION',
  'ENI_SG_RULES_MISMATCH',
  'ENI_SOURCE_DEST_CHECK_RESTRICTION',
  'GATEWAY_REJECTS_SPOOFED_TRAFFIC',
  'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS',
  'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
  'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS',
  'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
  'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS',
  'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS',
  'NGW_REQUIRES_SOURCE_IN_VPC',
  'NO_PATH',
  'NO_POSSIBLE_DESTINATION',
  'NO_ROUTE_TO_DESTINATION',
  'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
  'SG_HAS_NO_RULES',
  'SUBNET_ACL_RESTRICTION',
  'UNASSOCIATED_COMPONENT',
  'VPC_BLOCK_PUBLIC_ACCESS_ENABLED',
  'VPC_LOCAL_ROUTE_CIDR_RESTRICTION',
  ...Object.values(OWN),
]

/** Stages that judge by rules that somebody wrote. */
const RULES: ReadonlySet<Stage> = new Set(['egress-rules', 'ingress-rules', 'segment-egress', 'segment-ingress'])

/** What our own codes add to a refusal: that it is the reply's, and that it is of ICMP, which AWS does not know. */
export const alsoOf = (leg: 'request' | 'reply', stage: Stage, code: string, protocol: number): string[] => [
  ...(leg === 'reply' ? [OWN.returnBlocked] : []),
  // G10 stops every protocol: that it is ICMP says nothing then.
  ...(RULES.has(stage) && code !== BLOCKED && (protocol === ICMP || protocol === ICMPV6) ? [OWN.icmpBlocked] : []),
]
