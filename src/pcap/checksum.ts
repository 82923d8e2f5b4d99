/** The Internet checksum. */

/** RFC 1071: the ones' complement of the sum of 16-bit words. */
export function checksum(data: Buffer): number {
  let sum = 0
  for (let i = 0; i + 1 < data.length; i += 2) sum += data.readUInt16BE(i)
  if (data.length % 2) sum += (data[data.length - 1] ?? 0) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
