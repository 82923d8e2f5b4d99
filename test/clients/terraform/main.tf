# What all configurations share: the step, and whose clients there are.
#
# step 1 makes everything, step 2 changes what can be changed in place, step 3 what has to be made anew.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "step" {
  type    = number
  default = 1
}

locals {
  changed  = var.step >= 2
  replaced = var.step >= 3
  word     = local.changed ? "second" : "first"
}

provider "aws" {
  region      = "eu-west-1"
  access_key  = "111111111111"
  secret_key  = "any"
  max_retries = 3

  default_tags {
    tags = { Owner = "test" }
  }
}
