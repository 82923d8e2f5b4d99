/** Which image an instance was launched from, and where it stands among others in its zone. */
import type { Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { unsupported } from './errors.ts'
import { type Image, imageNamed } from './image.ts'
import type { Instance } from './instance.ts'
import { instancesNamed, refuseIdsAndPages } from './instance-describe.ts'
import { showState } from './instance-view.ts'
import type { Handlers } from './resource.ts'
import { pageOf } from './select.ts'
import { showTags } from './tags.ts'

export const instanceImageMetadataActions: Handlers = {
  DescribeInstanceImageMetadata(input, context) {
    refuseIdsAndPages(input.InstanceIds, input.MaxResults)
    const asked = instancesNamed(context, input.InstanceIds)
    const found = matching(asked, imageFilters, input.Filters, (i) => i.tags)
    const { items, ...page } = pageOf(found, input, 'instance image metadata', { min: 1, max: 1000 })
    return { InstanceImageMetadata: items.map(showLaunch), ...page }
  },
  /** AWS tells it of a few large types only, of which there are none here: of the others it says nothing. */
  DescribeInstanceTopology(input, context) {
    refuseIdsAndPages(input.InstanceIds, input.MaxResults)
    if (input.GroupNames?.length) throw unsupported('Placement groups are not supported yet.')
    instancesNamed(context, input.InstanceIds)
    const found = matching([], topologyFilters, input.Filters)
    const { items, ...page } = pageOf(found, input, 'instance topology', { min: 1, max: 100 })
    return { Instances: [...items], ...page }
  },
}

const imageOf = (i: Instance): Image => imageNamed(i.region, i.imageId)

const imageFilters: FilterTable<Instance> = {
  'availability-zone': (i) => i.availabilityZone,
  'image-allowed': () => true,
  'instance-id': (i) => i.id,
  'instance-state-name': (i) => i.state,
  'instance-type': (i) => i.instanceType,
  'launch-time': (i) => new Date(i.launchTime).toISOString(),
  'owner-alias': (i) => imageOf(i).ownerAlias,
  'owner-id': (i) => imageOf(i).owner,
  'zone-id': (i) => i.availabilityZoneId,
}

const topologyFilters: FilterTable<never> = {
  'availability-zone': () => [],
  'instance-type': () => [],
  'zone-id': () => [],
}

type Shown = NonNullable<Output<'DescribeInstanceImageMetadata'>['InstanceImageMetadata']>[number]

function showLaunch(i: Instance): Shown {
  const image = imageOf(i)
  return {
    InstanceId: i.id,
    InstanceType: i.instanceType as 't2.micro',
    LaunchTime: new Date(i.launchTime),
    AvailabilityZone: i.availabilityZone,
    ZoneId: i.availabilityZoneId,
    State: showState(i.state),
    OwnerId: i.account,
    Tags: showTags(i.tags),
    ImageMetadata: {
      ImageId: image.id,
      Name: image.name,
      OwnerId: image.owner,
      State: 'available',
      ImageOwnerAlias: image.ownerAlias,
      CreationDate: image.created,
      ImageAllowed: true,
      IsPublic: true,
    },
    Operator: { Managed: false },
  }
}
