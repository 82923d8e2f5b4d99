# VPCs with every attribute, their blocks, and their DHCP options.

resource "aws_vpc" "plain" {
  cidr_block = local.replaced ? "10.1.0.0/20" : "10.1.0.0/16"
}

resource "aws_vpc" "full" {
  cidr_block                           = "10.2.0.0/16"
  instance_tenancy                     = local.changed ? "default" : "dedicated"
  enable_dns_support                   = true
  enable_dns_hostnames                 = !local.changed
  enable_network_address_usage_metrics = local.changed
  assign_generated_ipv6_cidr_block     = true
  ipv6_cidr_block_network_border_group = "eu-west-1"
  tags                                 = { Name = "full ${local.word}", "a:b" = "", "é <&>" = "\"quoted\"" }
}

resource "aws_vpc" "silent" {
  cidr_block           = "192.168.0.0/24"
  enable_dns_support   = false
  enable_dns_hostnames = false

  lifecycle {
    # Its IPv6 block is a resource of its own.
    ignore_changes = [assign_generated_ipv6_cidr_block]
  }
}

resource "aws_vpc_ipv4_cidr_block_association" "second" {
  vpc_id     = aws_vpc.full.id
  cidr_block = local.replaced ? "10.3.0.0/20" : "10.3.0.0/16"
}

resource "aws_vpc_ipv4_cidr_block_association" "shared_range" {
  vpc_id     = aws_vpc.full.id
  cidr_block = "100.64.0.0/20"
}

resource "aws_vpc_ipv6_cidr_block_association" "generated" {
  vpc_id                           = aws_vpc.silent.id
  assign_generated_ipv6_cidr_block = true
}

resource "aws_vpc_dhcp_options" "all" {
  domain_name                       = "corp.example other.example"
  domain_name_servers               = ["AmazonProvidedDNS"]
  ntp_servers                       = ["169.254.169.123", "10.2.0.5"]
  netbios_name_servers              = ["10.2.0.6"]
  netbios_node_type                 = "2"
  ipv6_address_preferred_lease_time = local.replaced ? "1440" : "600"
  tags                              = { Name = "dhcp ${local.word}" }
}

resource "aws_vpc_dhcp_options" "servers" {
  domain_name_servers = ["10.2.0.2", "10.2.0.3"]
}

resource "aws_vpc_dhcp_options_association" "full" {
  vpc_id          = aws_vpc.full.id
  dhcp_options_id = local.changed ? aws_vpc_dhcp_options.servers.id : aws_vpc_dhcp_options.all.id
}

data "aws_vpc" "by_id" {
  id = aws_vpc.full.id
}

data "aws_vpc" "by_tag" {
  tags       = { Name = "full ${local.word}" }
  depends_on = [aws_vpc.full]
}

data "aws_vpc" "by_block" {
  filter {
    name   = "cidr-block-association.cidr-block"
    values = [aws_vpc_ipv4_cidr_block_association.second.cidr_block]
  }
}

data "aws_vpcs" "of_these" {
  filter {
    name   = "is-default"
    values = ["false"]
  }
  tags       = { Owner = "test" }
  depends_on = [aws_vpc.plain, aws_vpc.full, aws_vpc.silent]
}

data "aws_vpc_dhcp_options" "by_id" {
  dhcp_options_id = aws_vpc_dhcp_options.all.id
}

data "aws_vpc_dhcp_options" "by_filter" {
  filter {
    name   = "key"
    values = ["netbios-node-type"]
  }
  filter {
    name   = "value"
    values = ["2"]
  }
  depends_on = [aws_vpc_dhcp_options.all]
}

output "vpc" {
  value = "read as written"
  precondition {
    condition     = data.aws_vpc.by_id.enable_dns_hostnames == !local.changed && data.aws_vpc.by_id.main_route_table_id != ""
    error_message = "the data source reads other attributes than were set"
  }
  precondition {
    condition     = data.aws_vpc.by_tag.id == aws_vpc.full.id && data.aws_vpc.by_block.id == aws_vpc.full.id
    error_message = "a filter finds another VPC"
  }
  precondition {
    condition     = data.aws_vpc_dhcp_options.by_id.netbios_name_servers == tolist(["10.2.0.6"]) && data.aws_vpc_dhcp_options.by_filter.id == aws_vpc_dhcp_options.all.id
    error_message = "the DHCP options are read otherwise than written"
  }
}
