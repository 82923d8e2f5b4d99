/** The checksum by which a record tells whether it is as it was written. */
import { crc32 } from 'node:zlib'

export const checksum = (json: string): number => crc32(json)
