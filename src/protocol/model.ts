/**
 * AWS's own description of the EC2 API (model/ec2.json), as shapes that the decoder and the encoder follow.
 *
 * Invariants of this folder: what goes over the wire is decided by the model, never by an action's name; a request is
 * checked here, once; nothing here knows what a VPC is.
 */
import { readFileSync } from 'node:fs'
import { type Api, apiOf, type Model, type Operation, once } from './shapes.ts'

export type { Member, Operation, ScalarType, Shape, Structure } from './shapes.ts'

// Five milliseconds and a few megabytes: paid by the process that answers requests, not by every command.
const model = once(() => JSON.parse(readFileSync(new URL('../../model/ec2.json', import.meta.url), 'utf8')) as Model)
const api: Api = apiOf(model)

/** The version of the API that the model describes, as clients send it in `Version=`. */
export const apiVersion = (): string => model().version

/** The names of all actions of the API, carried out here or not. */
export const actionNames = (): readonly string[] => Object.keys(model().actions)

/** The action of that name; undefined where AWS has none. */
export const operationOf = (action: string): Operation | undefined => api(action)
