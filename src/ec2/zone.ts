/** Regions and their Availability Zones, by AWS's public names. */
import type { Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { invalidParameter, invalidValue } from './errors.ts'
import type { Handlers } from './resource.ts'

export interface Zone {
  readonly name: string
  readonly id: string
}

/** Region → whether an account has it without opting in, as in the public list of Regions (2025-11). */
const regions: Readonly<Record<string, 'opt-in-not-required' | 'opted-in'>> = {
  ...optIn('opt-in-not-required', [
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'ca-central-1',
    'eu-central-1',
    'eu-north-1',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'sa-east-1',
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
  ]),
  // Every Region works here without asking, so those that AWS wants an opt-in for count as opted in.
  ...optIn('opted-in', [
    'af-south-1',
    'ap-east-1',
    'ap-east-2',
    'ap-south-2',
    'ap-southeast-3',
    'ap-southeast-4',
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ca-west-1',
    'eu-central-2',
    'eu-south-1',
    'eu-south-2',
    'il-central-1',
    'me-central-1',
    'me-south-1',
    'mx-central-1',
  ]),
}

function optIn<S extends string>(status: S, names: readonly string[]): Record<string, S> {
  return Object.fromEntries(names.map((name) => [name, status]))
}

const LETTERS: Readonly<Record<string, string>> = { 'us-east-1': 'abcdef' }

/** The zones of a Region, `a` first. A Region that is not in the public list has three as well. */
export const zonesOf = (region: string): Zone[] =>
  [...(LETTERS[region] ?? 'abc')].map((letter, i) => ({
    name: `${region}${letter}`,
    id: `${shortName(region)}-az${i + 1}`,
  }))

/** `us-east-1` → `use1`, `ap-southeast-2` → `apse2`: the first part of zone ids. */
function shortName(region: string): string {
  const [area = '', side = '', number = ''] = region.split('-')
  return area + side.replace(/(north|south|east|west|central)/g, (word) => word.charAt(0)) + number
}

/** Throws InvalidParameterValue where the Region has no zone of that name or id. */
export function zoneNamed(region: string, text: string): Zone {
  const zone = zonesOf(region).find(({ name, id }) => name === text || id === text)
  if (zone) return zone
  const names = zonesOf(region)
    .map(({ name }) => name)
    .join(', ')
  const where = `Subnets can currently only be created in the following availability zones: ${names}.`
  throw invalidValue(`Value (${text}) for parameter availabilityZone is invalid. ${where}`)
}

export const zoneActions: Handlers = {
  DescribeAvailabilityZones({ Filters, ZoneNames = [], ZoneIds = [] }, { caller: { region } }) {
    const zones = zonesOf(region)
    refuseUnknown(
      ZoneNames,
      zones.map((z) => z.name),
      'availability zone',
    )
    refuseUnknown(
      ZoneIds,
      zones.map((z) => z.id),
      'availability zone-id',
    )
    const wanted = [...ZoneNames, ...ZoneIds]
    const named = zones.filter((z) => wanted.length === 0 || wanted.includes(z.name) || wanted.includes(z.id))
    return { AvailabilityZones: matching(named, zoneFilters(region), Filters).map((z) => showZone(z, region)) }
  },
  DescribeRegions({ Filters, RegionNames = [] }) {
    refuseUnknown(RegionNames, Object.keys(regions), 'region')
    const named = Object.keys(regions).filter((name) => RegionNames.length === 0 || RegionNames.includes(name))
    return { Regions: matching(named, regionFilters, Filters).map(showRegion) }
  },
  /** Only Local and Wavelength Zones are opted in to, and there are none. unverified: AWS's words for the others. */
  ModifyAvailabilityZoneGroup({ GroupName }, { caller: { region } }) {
    const why = GroupName === zoneGroup(region) ? 'Its zones need no opt-in.' : 'There is no such group.'
    throw invalidParameter(GroupName, 'groupName', why)
  },
}

const zoneFilters = (region: string): FilterTable<Zone> => ({
  'group-long-name': () => groupLongName(region),
  'group-name': () => zoneGroup(region),
  message: () => [],
  'opt-in-status': () => 'opt-in-not-required',
  'parent-zone-id': () => [],
  'parent-zone-name': () => [],
  'region-name': () => region,
  state: () => 'available',
  'zone-id': (z) => z.id,
  'zone-name': (z) => z.name,
  'zone-type': () => 'availability-zone',
})

const regionFilters: FilterTable<string> = {
  endpoint: (name) => endpointOf(name),
  'opt-in-status': (name) => regions[name],
  'region-name': (name) => name,
}

function refuseUnknown(asked: readonly string[], known: readonly string[], noun: string): void {
  const unknown = asked.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw invalidValue(`Invalid ${noun}: [${unknown.join(', ')}]`)
}

const endpointOf = (region: string): string => `ec2.${region}.amazonaws.com`
const zoneGroup = (region: string): string => `${region}-zg-1`
const groupLongName = (region: string): string => `${region} 1`

function showZone(
  { name, id }: Zone,
  region: string,
): NonNullable<Output<'DescribeAvailabilityZones'>['AvailabilityZones']>[number] {
  return {
    ZoneName: name,
    ZoneId: id,
    RegionName: region,
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    ZoneType: 'availability-zone',
    GroupName: zoneGroup(region),
    GroupLongName: groupLongName(region),
    NetworkBorderGroup: region,
    Messages: [],
  }
}

const showRegion = (name: string): NonNullable<Output<'DescribeRegions'>['Regions']>[number] => ({
  RegionName: name,
  Endpoint: endpointOf(name),
  OptInStatus: regions[name] ?? 'opt-in-not-required',
})
