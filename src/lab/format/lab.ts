/**
 * A lab as it is written: steps, what they check, the hints they give.
 *
 * Invariants of this folder: pure data; what is read is right throughout, or every mistake is named with its place.
 */
import type { PortRange } from '../../network/match.ts'
import type { Kind } from '../names/attributes.ts'

/** Where something stands: the file, and line and column from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What is wrong with a lab, and where. */
export interface Problem extends Place {
  readonly message: string
}

export interface Lab {
  readonly slug: string
  readonly folder: string
  readonly title: string
  readonly description: string
  /** As the author puts it, such as `30 minutes`. */
  readonly time?: string
  readonly difficulty?: string
  /** Texts are Markdown. */
  readonly intro: string
  /** A script that prepares the network, run once at the start: its path. */
  readonly setup?: string
  readonly steps: readonly Step[]
  readonly finish: string
}

export interface Step {
  /** From 1. */
  readonly number: number
  readonly title: string
  /** Where its scripts run. */
  readonly folder: string
  readonly text: string
  /** Path of the script that solves it; absent where there is none. */
  readonly solution?: string
  /** Its own names and those of the steps before it, in the order in which they are found. */
  readonly where: readonly Binding[]
  readonly expectErrors: readonly ExpectedError[]
  readonly checks: readonly Check[]
  readonly hints: readonly Hint[]
}

/** A thing by what it is to others, never by its Name tag. Values may hold `$name` and `${name.attribute}`. */
export interface Selector {
  readonly kind: Kind
  /** Attribute → the values that it has to have, all of them. */
  readonly having: Readonly<Record<string, readonly string[]>>
}

export interface Binding {
  readonly name: string
  readonly selector: Selector
}

/** An error that the step is about: that it was met, and how long it took to get over it, goes into the report. */
export interface ExpectedError {
  readonly id: string
  readonly title: string
  readonly when: Look
}

export interface Check {
  readonly id: string
  readonly title: string
  /** Ids of checks that have to pass before this one is looked at. */
  readonly needs: readonly string[]
  /** Seconds to wait for it to pass. */
  readonly wait: number
  /** A warning does not hold the learner up. */
  readonly level: 'error' | 'warning'
  readonly points: number
  /** What to say where it fails. `{{explain}}` is what the check has to say, `{{why}}` the same without a cure. */
  readonly fail: string
  readonly look: Look
}

/** What a check looks at. */
export type Look = ReachLook | ApiLook | RouteLook | ThereLook | ExecLook | EventLook | ExplainLook | ScriptLook

/** Who asks whom, and by what. Ends may hold names. */
export interface Traffic {
  readonly from: string
  readonly to: string
  readonly protocol: number
  readonly ports?: PortRange
}

/** model: by the analyzer; wire: by a packet. Both have to agree. */
export const JUDGES = ['model', 'wire'] as const
export type Judge = (typeof JUDGES)[number]

/** Kinds of things that a way can lead over, and how their ids begin. */
export const VIAS: Readonly<Record<string, string>> = {
  peering: 'pcx-',
  'internet-gateway': 'igw-',
  'nat-gateway': 'nat-',
}
export const BLOCKERS = ['security-group', 'network-acl', 'route-table', 'peering', 'public-address'] as const

export interface ReachLook extends Traffic {
  readonly kind: 'reach'
  readonly expect: 'reachable' | 'unreachable'
  readonly judges: readonly Judge[]
  /** What the way has to lead through: a kind of thing, or a thing. */
  readonly via?: string
  /** What has to stop it: a kind of thing, and whose it is. */
  readonly by?: (typeof BLOCKERS)[number]
  readonly on?: string
}

export interface ApiLook {
  readonly kind: 'api'
  readonly action: string
  readonly input: Readonly<Record<string, unknown>>
  /** JMESPath, as `aws --query`. */
  readonly path: string
  readonly test: ApiTest
}

/** What the value at the path has to be; `some` is anything but null, false and empty. */
export type ApiTest =
  | { readonly kind: 'equals' | 'contains'; readonly value: unknown }
  | { readonly kind: 'matches'; readonly pattern: string }
  | { readonly kind: 'some' }

export interface RouteLook {
  readonly kind: 'route'
  /** A route table, or a subnet, whose table is meant. */
  readonly table: string
  readonly to: string
  /** An id, `local`, or a kind of thing. */
  readonly via?: string
  readonly state: 'active' | 'blackhole'
}

export interface ThereLook {
  readonly kind: 'exists' | 'absent'
  readonly selector: Selector
}

export interface ExecLook extends Ending {
  readonly kind: 'exec'
  readonly on: string
  readonly command: readonly string[]
  /** How it ends instead on the simulator, whose instances run no programs. */
  readonly simulated?: Ending
}

/** How a command ends. */
export interface Ending {
  readonly exit: number
  /** A regular expression that the output has to match; ^ and $ are the ends of a line. */
  readonly output?: string
}

export interface EventLook {
  readonly kind: 'event'
  /** An action of the API, or `Connect`. */
  readonly action: string
  /** The code it was refused with; without one, and without `message`, it succeeded. */
  readonly error?: string
  /** A regular expression for the words it was refused with. */
  readonly message?: string
}

export interface ExplainLook extends Traffic {
  readonly kind: 'explain'
  /** One of AWS's explanation codes, or of Isthmus's own. */
  readonly code: string
}

export interface ScriptLook {
  readonly kind: 'script'
  /** Path of a script that exits 0 where all is well. */
  readonly file: string
}

export interface Hint {
  /** Given after so many failed checks, or so many minutes in the step, whichever comes first. */
  readonly after: { readonly fails?: number; readonly minutes?: number }
  readonly text: string
}
