/** Why a packet was dropped, as a sentence: the resource, its rule, and what AWS calls it. */

/** The fact of the network that stopped a packet. */
export interface Cause {
  readonly resource: string
  readonly rule?: string
  readonly code?: string
}

/** By AWS's explanation code. */
const WHY: Readonly<Record<string, string>> = {
  SG_HAS_NO_RULES: 'the security group has no rules for this direction',
  ENI_SG_RULES_MISMATCH: 'no rule of the security group allows it',
  SUBNET_ACL_RESTRICTION: 'the network ACL denies it',
  ENI_SOURCE_DEST_CHECK_RESTRICTION: "neither from nor for the interface's own addresses, and its check is on",
  NO_ROUTE_TO_DESTINATION: 'no route to the destination',
  BAD_STATE_ROUTE: 'the route is a blackhole',
  NO_POSSIBLE_DESTINATION: 'nobody has this address',
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: 'the sender has no public address',
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: 'the gateway knows no such public address',
  GATEWAY_REJECTS_SPOOFED_TRAFFIC: "not from the sender's own address",
  ISTHMUS_NOT_FORWARDED: 'the instance is not its destination, and forwards nothing',
  ISTHMUS_MTU: 'it is larger than the link takes, and must not be cut',
}

/** `sg-0a1b ingress: no rule of the security group allows it (ENI_SG_RULES_MISMATCH)`. */
function causeText({ resource, rule, code }: Cause): string {
  const who = rule === undefined ? resource : `${resource} ${rule}`
  if (code === undefined) return who
  const why = Object.hasOwn(WHY, code) ? WHY[code] : undefined
  return why === undefined ? `${who} (${code})` : `${who}: ${why} (${code})`
}

/** The same, as it is said of a packet. */
export const dropText = (dropped: Cause): string => `dropped: ${causeText(dropped)}`
