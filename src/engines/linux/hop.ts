/** Hides a router: what it forwards leaves with the ttl it came with (traceroute shows no router of a VPC). */

const HOP_TABLE = 'inet isthmus_hop'
const LARGEST = 254

/**
 * nft cannot add to a header field, so there is a chain for each ttl. A table of its own: it never changes,
 * and it runs before probes are traced.
 */
export const hopTable = (): string[] => {
  const ttls = Array.from({ length: LARGEST }, (_, i) => i + 1)
  return [
    `add table ${HOP_TABLE}`,
    `delete table ${HOP_TABLE}`,
    `add table ${HOP_TABLE}`,
    ...ttls.map((n) => `add chain ${HOP_TABLE} t${n}`),
    ...ttls.map((n) => `add rule ${HOP_TABLE} t${n} ip ttl set ${n + 1}`),
    `add chain ${HOP_TABLE} prerouting { type filter hook prerouting priority -350; }`,
    `add rule ${HOP_TABLE} prerouting ip ttl vmap { ${ttls.map((n) => `${n} : goto t${n}`).join(', ')} }`,
  ]
}
