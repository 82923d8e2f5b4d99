/** SSM's Parameter Store, as far as the public aliases of machine images go (/aws/service/ami-...). */
import { ApiError } from '../ec2/errors.ts'
import { type JsonInput, jsonService } from './json-service.ts'
import type { Service } from './service.ts'

/** The public parameters of a Region by name; undefined where there is none of that name. */
export type ParameterCatalogue = (name: string, region: string) => { readonly value: string } | undefined

export const ssmService = (catalogue: ParameterCatalogue): Service => {
  const find = (name: string, region: string) => {
    const found = catalogue(name, region)
    return found && describe(name, region, found.value)
  }
  return jsonService({
    GetParameter(input, { region }) {
      const name = requiredName(input)
      const parameter = find(name, region)
      if (!parameter) throw new ApiError('ParameterNotFound', `Parameter ${name} not found.`)
      return { Parameter: parameter }
    },
    GetParameters(input, { region }) {
      const names = requiredNames(input)
      const found = names.map((name) => find(name, region))
      return {
        Parameters: found.filter((parameter) => parameter !== undefined),
        InvalidParameters: names.filter((_, index) => found[index] === undefined),
      }
    },
  })
}

const describe = (name: string, region: string, value: string) => ({
  Name: name,
  Type: 'String',
  Value: value,
  Version: 1,
  ARN: `arn:aws:ssm:${region}::parameter${name}`,
  DataType: 'text',
})

const invalid = (name: string, wanted: string): ApiError =>
  new ApiError('ValidationException', `Value at '${name}' failed to satisfy constraint: Member must be ${wanted}`)

function requiredName({ Name: name }: JsonInput): string {
  if (typeof name === 'string' && name) return name
  throw invalid('name', 'a string')
}

function requiredNames({ Names: names }: JsonInput): readonly string[] {
  const strings = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  // SSM takes ten names in one call.
  if (Array.isArray(names) && strings.length === names.length && names.length > 0 && names.length <= 10) return strings
  throw invalid('names', '1 to 10 strings')
}
