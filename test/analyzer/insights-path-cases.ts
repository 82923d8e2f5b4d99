/** One path for each explanation code that comes of how the path itself is described (2.3). */
import { must } from '../ec2/place.ts'
import type { Case } from './insights-cases.ts'

export const PATH_CASES: readonly Case[] = [
  {
    code: 'DISCONNECTED_VPCS',
    when: 'there is no peering',
    analysis: ({ a, vpc, analyzed }) => analyzed({ Source: a, Destination: vpc('10.1.0.0/16').instance }),
  },
  {
    code: 'NO_SOURCE_OR_DESTINATION',
    when: 'the destination was deleted after the path was made',
    analysis: ({ a, subnetId, call, clock }) => {
      const eni = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
      const made = call('CreateNetworkInsightsPath', { Source: a, Destination: eni, Protocol: 'tcp' })
      call('DeleteNetworkInterface', { NetworkInterfaceId: eni })
      const NetworkInsightsPathId = must(made.NetworkInsightsPath?.NetworkInsightsPathId)
      call('StartNetworkInsightsAnalysis', { NetworkInsightsPathId } as never)
      clock.advance(1000)
      return must(call('DescribeNetworkInsightsAnalyses', { NetworkInsightsPathId }).NetworkInsightsAnalyses?.[0])
    },
  },
  {
    code: 'UNASSOCIATED_COMPONENT',
    when: 'the gateway is attached to no VPC',
    analysis: ({ a, call, analyzed }) => {
      const Source = must(call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId)
      return analyzed({ Source, Destination: a })
    },
  },
  {
    code: 'NO_PATH',
    when: 'both ends are outside',
    analysis: ({ gatewayId, analyzed }) => analyzed({ Source: gatewayId, Destination: gatewayId }),
  },
  {
    code: 'COMPONENT_FILTER_RESTRICTION',
    when: 'no path goes through the component',
    analysis: ({ a, running, analyzed, peer }) =>
      analyzed(
        { Source: a, Destination: running() },
        { FilterInArns: [`arn:aws:ec2:us-east-1:123456789012:vpc-peering-connection/${peer().pcx}`] },
      ),
  },
  {
    code: 'COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT',
    when: 'the only path goes through the component',
    analysis: ({ a, analyzed, peer }) => {
      const { pcx, instance } = peer()
      const arn = `arn:aws:ec2:us-east-1:123456789012:vpc-peering-connection/${pcx}`
      return analyzed({ Source: a, Destination: instance }, { FilterOutArns: [arn] })
    },
  },
  {
    code: 'FILTER_AT_SOURCE_SOURCE_ADDRESS',
    when: 'the source has another address',
    analysis: ({ a, running, analyzed }) =>
      analyzed({ Source: a, Destination: running(), FilterAtSource: { SourceAddress: '10.0.1.250' } }),
  },
  {
    code: 'FILTER_AT_SOURCE_DESTINATION_ADDRESS',
    when: 'the destination has another address',
    analysis: ({ a, running, analyzed }) =>
      analyzed({ Source: a, Destination: running(), FilterAtSource: { DestinationAddress: '10.0.1.250' } }),
  },
  {
    code: 'FILTER_AT_DESTINATION_DESTINATION_ADDRESS',
    when: 'the destination takes another address',
    analysis: ({ a, running, analyzed }) =>
      analyzed({ Source: a, Destination: running(), FilterAtDestination: { DestinationAddress: '10.0.1.250' } }),
  },
  {
    code: 'FILTER_AT_DESTINATION_SOURCE_ADDRESS',
    when: 'it arrives from another address',
    analysis: ({ a, running, analyzed }) =>
      analyzed({ Source: a, Destination: running(), FilterAtDestination: { SourceAddress: '10.0.1.250' } }),
  },
  {
    code: 'FILTER_AT_DESTINATION_DESTINATION_PORT_RANGE',
    when: 'the ports at both ends exclude each other',
    analysis: ({ a, running, analyzed }) =>
      analyzed({
        Source: a,
        Destination: running(),
        FilterAtSource: { DestinationPortRange: { FromPort: 22, ToPort: 22 } },
        FilterAtDestination: { DestinationPortRange: { FromPort: 80, ToPort: 80 } },
      }),
  },
  {
    code: 'FILTER_AT_DESTINATION_SOURCE_PORT_RANGE',
    when: 'a client takes other ports',
    analysis: ({ a, running, analyzed }) =>
      analyzed({
        Source: a,
        Destination: running(),
        FilterAtSource: { SourcePortRange: { FromPort: 5000, ToPort: 5000 } },
        FilterAtDestination: { SourcePortRange: { FromPort: 6000, ToPort: 6000 } },
      }),
  },
  {
    code: 'IGW_EXPECTS_PUBLIC_ADDRESS',
    when: 'a private address is to come from the internet',
    analysis: ({ a, gatewayId, analyzed }) =>
      analyzed({ Source: gatewayId, Destination: a, FilterAtSource: { SourceAddress: '10.9.9.9' } }),
  },
  ...(['10.9.9.9 RFC1918', '100.64.9.9 RFC6598'] as const).map((text): Case => {
    const [address = '', rfc = ''] = text.split(' ')
    return {
      code: `IGW_SOURCE_ADDRESS_NOT_IN_${rfc}_INGRESS`,
      when: `G2: ${address} is to come from the internet`,
      analysis: ({ a, gatewayId, publicAddress, analyzed }) => {
        publicAddress(a)
        return analyzed({ Source: gatewayId, Destination: a, FilterAtSource: { SourceAddress: address } })
      },
    }
  }),
  {
    code: 'ISTHMUS_ICMP_BLOCKED',
    when: 'D29: a group that knows ssh only is pinged',
    analysis: ({ a, peer, call, analyzed, allow }) => {
      const { instance, group } = peer()
      const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
      call('RevokeSecurityGroupIngress', { GroupId: group, IpPermissions: all })
      allow(group, 'tcp', 22, 22)
      return analyzed({ Source: a, Destination: instance, Protocol: 'icmp' as 'tcp' })
    },
  },
]
