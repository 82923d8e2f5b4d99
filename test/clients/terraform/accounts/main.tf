# What all configurations of several accounts and Regions share: the step, and whose clients there are.

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
}

provider "aws" {
  alias       = "other_account"
  region      = "eu-west-1"
  access_key  = "222222222222"
  secret_key  = "any"
  max_retries = 3
}

provider "aws" {
  alias       = "other_region"
  region      = "us-east-1"
  access_key  = "222222222222"
  secret_key  = "any"
  max_retries = 3
}
