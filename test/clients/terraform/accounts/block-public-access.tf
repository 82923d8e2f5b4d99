# Blocking of public access: the Region's mode, and the VPCs and subnets that are left out of it.

resource "aws_subnet" "left_out" {
  vpc_id     = aws_vpc.own[1].id
  cidr_block = "10.1.0.0/24"
}

resource "aws_vpc_block_public_access_options" "own" {
  internet_gateway_block_mode = local.changed ? "block-bidirectional" : "block-ingress"
}

resource "aws_vpc_block_public_access_exclusion" "vpc" {
  vpc_id                          = local.replaced ? aws_vpc.own[2].id : aws_vpc.own[1].id
  internet_gateway_exclusion_mode = local.changed ? "allow-bidirectional" : "allow-egress"
  tags                            = { Name = local.word }
}

resource "aws_vpc_block_public_access_exclusion" "subnet" {
  subnet_id                       = aws_subnet.left_out.id
  internet_gateway_exclusion_mode = "allow-egress"
}

resource "aws_ec2_instance_metadata_defaults" "own" {
  http_tokens                 = "required"
  http_put_response_hop_limit = local.changed ? 3 : 2
}
