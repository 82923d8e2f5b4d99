# What each account has in each Region from the start, adopted: the default VPC with its subnets, and its options.

resource "aws_default_vpc" "default" {
  provider             = aws.other_region
  enable_dns_hostnames = !local.changed
  tags                 = { Name = "default ${local.word}" }
}

resource "aws_default_subnet" "a" {
  provider                                    = aws.other_region
  availability_zone                           = "us-east-1a"
  map_public_ip_on_launch                     = !local.changed
  enable_resource_name_dns_a_record_on_launch = local.changed
  force_destroy                               = true
  tags                                        = { Name = "default ${local.word}" }
}

resource "aws_default_vpc_dhcp_options" "default" {
  provider = aws.other_region
  # Not from the start: the provider sends no tags when it adopts these.
  tags = local.changed ? { Name = "default ${local.word}" } : null
}

data "aws_vpc" "default" {
  provider   = aws.other_region
  default    = true
  depends_on = [aws_default_vpc.default]
}

output "default" {
  value = "read as written"
  precondition {
    condition     = data.aws_vpc.default.id == aws_default_vpc.default.id && data.aws_vpc.default.cidr_block == "172.31.0.0/16"
    error_message = "the default VPC is another"
  }
}
