# Prefix lists with their entries inline and apart, and AWS's own.
#
# A description alone is not changed: the provider then sends a version that is out of date, here as on AWS
# (hashicorp/terraform-provider-aws#43661).

resource "aws_ec2_managed_prefix_list" "inline" {
  name           = "inline ${local.word}"
  address_family = "IPv4"
  max_entries    = local.changed ? 6 : 5
  entry {
    cidr        = "10.0.0.0/8"
    description = "kept"
  }
  entry {
    cidr = local.changed ? "172.20.0.0/16" : "172.16.0.0/16"
  }
  tags = { Name = local.word }
}

resource "aws_ec2_managed_prefix_list" "apart" {
  name           = "apart"
  address_family = local.replaced ? "IPv4" : "IPv6"
  max_entries    = 2
}

resource "aws_ec2_managed_prefix_list_entry" "apart" {
  prefix_list_id = aws_ec2_managed_prefix_list.apart.id
  cidr           = local.replaced ? "192.0.2.0/24" : "2001:db8::/32"
  description    = "apart"
}

data "aws_ec2_managed_prefix_list" "by_id" {
  id         = aws_ec2_managed_prefix_list.inline.id
  depends_on = [aws_ec2_managed_prefix_list.inline]
}

data "aws_ec2_managed_prefix_list" "instance_connect" {
  name = "com.amazonaws.eu-west-1.ec2-instance-connect"
}

data "aws_prefix_list" "instance_connect" {
  name = "com.amazonaws.eu-west-1.ec2-instance-connect"
}

data "aws_ec2_managed_prefix_lists" "own" {
  filter {
    name   = "owner-id"
    values = ["111111111111"]
  }
  depends_on = [aws_ec2_managed_prefix_list.inline, aws_ec2_managed_prefix_list.apart]
}

output "prefix_list" {
  value = "read as written"
  precondition {
    condition     = length(data.aws_ec2_managed_prefix_list.by_id.entries) == 2 && contains(data.aws_ec2_managed_prefix_lists.own.ids, aws_ec2_managed_prefix_list.apart.id)
    error_message = "the lists are read otherwise than written"
  }
  precondition {
    condition     = data.aws_prefix_list.instance_connect.id == data.aws_ec2_managed_prefix_list.instance_connect.id && length(data.aws_prefix_list.instance_connect.cidr_blocks) > 0
    error_message = "AWS's list for Instance Connect is missing"
  }
}
