/** What a look at the state rests on: noted while a record is compiled, found again when other records change. */
import { keysOf } from '../ec2/record-index.ts'
import type { ResourceType, ResourceTypes } from '../ec2/resource.ts'
import type { State } from '../ec2/state.ts'

type Record = ResourceTypes[ResourceType]

/** A state that notes in `reads` what it is asked for. */
export function noting(state: State, reads: Set<string>): State {
  return {
    get(type, id) {
      reads.add(oneOf(type, id))
      return state.get(type, id)
    },
    all(type) {
      reads.add(allOf(type))
      return state.all(type)
    },
    where(type, field, value) {
      reads.add(someOf(type, field, value))
      return state.where(type, field, value)
    },
    count(type, field, value) {
      reads.add(someOf(type, field, value))
      return state.count(type, field, value)
    },
  }
}

/** Everything that a change of one record may touch; `fields` are those that anybody has asked for. */
export function touched(
  type: ResourceType,
  id: string,
  records: readonly (Record | undefined)[],
  fields: Iterable<string>,
): string[] {
  const values = [...fields].flatMap((field) =>
    records.flatMap((record) => (record ? keysOf(record, field).map((value) => someOf(type, field, value)) : [])),
  )
  return [oneOf(type, id), allOf(type), ...new Set(values)]
}

/** The field that a read has asked for, where it was one. */
export function fieldOf(read: string): readonly [type: string, field: string] | undefined {
  const [type = '', field, value] = read.split('\n')
  return field !== undefined && value !== undefined ? [type, field] : undefined
}

const oneOf = (type: ResourceType, id: string): string => `${type}\n${id}`
const allOf = (type: ResourceType): string => type
const someOf = (type: ResourceType, field: string, value: string): string => `${type}\n${field}\n${value}`
