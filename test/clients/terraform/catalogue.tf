# What is there for everybody: images, Regions, zones, instance types, and who asks.

data "aws_ami" "amazon" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*-x86_64"]
  }
}

data "aws_ami" "ubuntu" {
  most_recent = true
  owners      = ["099720109477"]
  name_regex  = "^ubuntu/images"
  filter {
    name   = "architecture"
    values = ["x86_64"]
  }
  filter {
    name   = "virtualization-type"
    values = ["hvm"]
  }
  filter {
    name   = "root-device-type"
    values = ["ebs"]
  }
}

data "aws_ami_ids" "amazon" {
  owners = ["amazon"]
}

data "aws_caller_identity" "own" {}
data "aws_partition" "own" {}
data "aws_region" "own" {}
data "aws_regions" "all" {}

data "aws_availability_zones" "all" {
  all_availability_zones = true
}

data "aws_availability_zone" "first" {
  name = "eu-west-1a"
}

data "aws_availability_zone" "by_id" {
  zone_id = data.aws_availability_zone.first.zone_id
}

data "aws_ec2_instance_type" "micro" {
  instance_type = "t3.micro"
}

data "aws_ec2_instance_types" "burstable" {
  filter {
    name   = "burstable-performance-supported"
    values = ["true"]
  }
}

data "aws_ec2_instance_type_offering" "first" {
  filter {
    name   = "instance-type"
    values = ["t2.micro", "t3.micro"]
  }
  preferred_instance_types = ["t3.micro", "t2.micro"]
}

data "aws_ec2_instance_type_offerings" "zone" {
  location_type = "availability-zone"
  filter {
    name   = "location"
    values = ["eu-west-1a"]
  }
}

output "catalogue" {
  value = "read as written"
  precondition {
    condition     = data.aws_caller_identity.own.account_id == "111111111111" && data.aws_region.own.name == "eu-west-1"
    error_message = "the caller is another"
  }
  precondition {
    condition     = data.aws_availability_zone.by_id.name == "eu-west-1a" && contains(data.aws_regions.all.names, "us-east-1")
    error_message = "the zones are others"
  }
  precondition {
    condition     = data.aws_ec2_instance_type.micro.default_vcpus == 2 && contains(data.aws_ec2_instance_types.burstable.instance_types, "t3.micro")
    error_message = "the instance types are others"
  }
  precondition {
    condition     = data.aws_ec2_instance_type_offering.first.instance_type == "t3.micro" && length(data.aws_ec2_instance_type_offerings.zone.instance_types) > 0
    error_message = "the offerings are others"
  }
}
