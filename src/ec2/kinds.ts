/**
 * The resource kinds by type: filled by `registry.ts`, read by what is written once for all kinds. It imports none of
 * them, so that a kind's file can be loaded first.
 */
import type { ResourceKind, ResourceType } from './resource.ts'

export type AnyKind = ResourceKind<ResourceType>

const byType = new Map<ResourceType, AnyKind>()

export function register(kinds: readonly AnyKind[]): void {
  for (const kind of kinds) byType.set(kind.type, kind)
}

/** In the order of registration. */
export const allKinds = (): readonly AnyKind[] => [...byType.values()]

export function kindOf<T extends ResourceType>(type: T): ResourceKind<T> {
  const kind = byType.get(type)
  if (!kind) throw new Error(`no resource kind ${type}`)
  return kind as unknown as ResourceKind<T>
}
