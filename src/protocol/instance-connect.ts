/** EC2 Instance Connect: known, and for now honestly not carried out. */
import { ApiError } from '../ec2/errors.ts'
import { jsonService } from './json-service.ts'

export const instanceConnectService = jsonService(
  {},
  (operation) =>
    new ApiError(
      'UnsupportedOperationException',
      `The action ${operation} is part of the EC2 Instance Connect API, but Isthmus does not carry it out yet.`,
    ),
)
