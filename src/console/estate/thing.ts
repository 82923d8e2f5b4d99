/** What all things have: an id, and the Name among their tags. */
import type { Thing } from './estate.ts'

interface Tagged {
  readonly Tags?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined
}

export const thing = (id: string | undefined, { Tags }: Tagged): Thing => ({
  id: id ?? '',
  name: Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '',
})
