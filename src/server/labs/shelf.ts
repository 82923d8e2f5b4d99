/** The labs that a server offers to its pages: those that come with Isthmus, and those of one more folder. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findLab, shippedLabs } from '../../cli/lab-find.ts'
import type { Lab } from '../../lab/format/lab.ts'

export interface Shelf {
  readonly slugs: () => string[]
  /** Undefined where there is none of this name. Throws UsageFailure with every mistake in its files. */
  lab(slug: string): Lab | undefined
}

/** A lab in `more` that is called as a shipped one is not offered. */
export function shelf(more: string | undefined): Shelf {
  const own = (): string[] => {
    if (more === undefined || !existsSync(more)) return []
    return readdirSync(more).filter((name) => existsSync(join(more, name, 'index.json')))
  }
  return {
    slugs: () => [...new Set([...shippedLabs(), ...own()])].sort(),
    lab(slug) {
      if (shippedLabs().includes(slug)) return findLab(slug)
      // A name that was read from the folder leads nowhere else.
      return more !== undefined && own().includes(slug) ? findLab(join(more, slug)) : undefined
    },
  }
}
