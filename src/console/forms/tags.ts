/** A Name at creation. */

/** The tag specification of a named thing; nothing where it has no name. */
export const named = <T extends string>(resource: T, name: string) =>
  name.trim() === ''
    ? {}
    : { TagSpecifications: [{ ResourceType: resource, Tags: [{ Key: 'Name', Value: name.trim() }] }] }
