# Instances with many arguments, their key pairs, interfaces, addresses, volumes and tags.

resource "aws_vpc" "instances" {
  cidr_block = "10.14.0.0/16"
}

resource "aws_internet_gateway" "instances" {
  vpc_id = aws_vpc.instances.id
}

resource "aws_subnet" "instances" {
  vpc_id            = aws_vpc.instances.id
  cidr_block        = "10.14.0.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_security_group" "instances" {
  count  = 2
  name   = "instances ${count.index}"
  vpc_id = aws_vpc.instances.id
}

resource "aws_key_pair" "ed25519" {
  key_name   = "ed25519"
  public_key = local.replaced ? "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPoCPtTGFHUN4EikXk4fsHtj/9i830oLrZEYbPa0C7oi another" : "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM3KFyH1Mm6IcKXw2sS22uywB97gqBfnMo6AUXk15s1z someone"
  tags       = { Name = local.word }
}

resource "aws_key_pair" "rsa" {
  key_name_prefix = "rsa-"
  public_key      = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDbE5oGVNFPK7yS9vjkaD9IfozzDbPcHmea+Ra9cc2DfTsUdV//jTRb7HjJVK3MubZHbg8tuTbIzqC+x4Xn/HUThfeARbZi4A2aQoS6iJeJbLZ4v4LvnQ/9kmNpOH24IrPRR4XUKJC63eIKGdY1mwrn+cicpgYlcVUwmM70oV8KHhTVsn0prccJLFwWEr6TNXk2L33LNY7TQ3pho/u3FpsGw7CaVkIHswU4chvKsjMKr0lSCGSbteUvFaG0R5KJtac9qqpkhNpwlSXjXLFJqB5A7PCdd7QIPmG16RoLNYK6h0pjr3gNBdEkuUViJ9m5mJAXROoz6lEAxzh2R7f1okZj rsa"
}

resource "aws_instance" "plain" {
  ami           = data.aws_ami.amazon.id
  instance_type = local.changed ? "t3.small" : "t3.micro"
  subnet_id     = aws_subnet.instances.id
}

resource "aws_instance" "full" {
  ami                                  = data.aws_ami.ubuntu.id
  instance_type                        = "t3.micro"
  subnet_id                            = aws_subnet.instances.id
  private_ip                           = local.replaced ? "10.14.0.211" : "10.14.0.210"
  secondary_private_ips                = local.changed ? ["10.14.0.213"] : ["10.14.0.212"]
  associate_public_ip_address          = true
  key_name                             = aws_key_pair.rsa.key_name
  vpc_security_group_ids               = local.changed ? aws_security_group.instances[*].id : [aws_security_group.instances[0].id]
  source_dest_check                    = local.changed
  monitoring                           = !local.changed
  disable_api_termination              = !local.changed
  disable_api_stop                     = !local.changed
  ebs_optimized                        = true
  instance_initiated_shutdown_behavior = local.changed ? "stop" : "terminate"
  user_data                            = "#!/bin/sh\necho started\n"
  tenancy                              = "default"

  cpu_options {
    core_count       = 1
    threads_per_core = 1
  }
  root_block_device {
    volume_size           = 12
    volume_type           = "gp3"
    delete_on_termination = true
    tags                  = { Name = "root ${local.word}" }
  }
  tags = { Name = "full ${local.word}", empty = "" }
}

# Beside one another: the provider waits ten seconds for each kind of option.
resource "aws_instance" "options" {
  ami           = data.aws_ami.amazon.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.instances.id

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = local.changed ? "optional" : "required"
    http_put_response_hop_limit = local.changed ? 3 : 2
    instance_metadata_tags      = "enabled"
  }
  credit_specification {
    cpu_credits = local.changed ? "unlimited" : "standard"
  }
}

resource "aws_instance" "names" {
  ami           = data.aws_ami.amazon.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.instances.id

  private_dns_name_options {
    hostname_type                     = "resource-name"
    enable_resource_name_dns_a_record = !local.changed
  }
}

resource "aws_instance" "maintained" {
  ami           = data.aws_ami.amazon.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.instances.id

  maintenance_options {
    auto_recovery = local.changed ? "default" : "disabled"
  }
}

resource "aws_instance" "reserved" {
  ami           = data.aws_ami.amazon.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.instances.id

  capacity_reservation_specification {
    capacity_reservation_preference = local.changed ? "none" : "open"
  }
}

resource "aws_instance" "on_interface" {
  ami              = data.aws_ami.amazon.id
  instance_type    = "t3.small"
  user_data_base64 = base64encode("#cloud-config\n{}\n")
  key_name         = aws_key_pair.ed25519.key_name
  volume_tags      = { Name = "volume ${local.word}" }

  network_interface {
    network_interface_id = aws_network_interface.primary.id
    device_index         = 0
  }
}

resource "aws_network_interface" "primary" {
  subnet_id   = aws_subnet.instances.id
  private_ips = ["10.14.0.220"]
}

resource "aws_network_interface" "second" {
  subnet_id = aws_subnet.instances.id
  attachment {
    instance     = aws_instance.on_interface.id
    device_index = 1
  }
}

resource "aws_network_interface" "third" {
  subnet_id = aws_subnet.instances.id
}

resource "aws_network_interface_attachment" "third" {
  instance_id          = local.replaced ? aws_instance.plain.id : aws_instance.on_interface.id
  network_interface_id = aws_network_interface.third.id
  device_index         = 2
}

resource "aws_network_interface_sg_attachment" "instance" {
  security_group_id    = aws_security_group.instances[1].id
  network_interface_id = aws_instance.plain.primary_network_interface_id
}

resource "aws_eip" "instance" {
  instance   = local.changed ? aws_instance.options.id : aws_instance.names.id
  domain     = "vpc"
  depends_on = [aws_internet_gateway.instances]
}

resource "aws_eip" "instance_apart" {
  domain = "vpc"
}

resource "aws_eip_association" "instance_apart" {
  instance_id   = aws_instance.full.id
  allocation_id = aws_eip.instance_apart.id
  depends_on    = [aws_internet_gateway.instances]
}

resource "aws_ec2_instance_state" "stopped" {
  instance_id = aws_instance.stopped.id
  state       = local.changed ? "running" : "stopped"
}

resource "aws_instance" "stopped" {
  ami           = data.aws_ami.amazon.id
  instance_type = "t3.nano"
  subnet_id     = aws_subnet.instances.id
}

# In the default VPC, where groups go by their names, and a subnet need not be told.
resource "aws_instance" "by_default" {
  ami             = data.aws_ami.amazon.id
  instance_type   = "t3.nano"
  security_groups = [aws_security_group.by_default.name]
  tags            = { Name = local.word }
}

resource "aws_security_group" "by_default" {
  name = "by default"
}

resource "aws_ec2_instance_connect_endpoint" "instances" {
  subnet_id          = aws_subnet.instances.id
  security_group_ids = local.replaced ? aws_security_group.instances[*].id : [aws_security_group.instances[0].id]
  preserve_client_ip = false
  tags               = { Name = "kept" }
}

resource "aws_ec2_tag" "instance" {
  resource_id = aws_vpc.instances.main_route_table_id
  key         = "From outside"
  value       = local.word
}

data "aws_instance" "by_id" {
  instance_id   = aws_instance.full.id
  get_user_data = true
}

data "aws_instance" "by_tag" {
  instance_tags = { Name = "full ${local.word}" }
  filter {
    name   = "instance-state-name"
    values = ["running"]
  }
  depends_on = [aws_instance.full]
}

data "aws_instances" "of_subnet" {
  filter {
    name   = "subnet-id"
    values = [aws_subnet.instances.id]
  }
  instance_state_names = ["running", "stopped"]
  depends_on = [
    aws_instance.plain, aws_instance.full, aws_instance.options, aws_instance.names, aws_instance.maintained,
    aws_instance.reserved, aws_instance.on_interface, aws_instance.stopped,
  ]
}

data "aws_key_pair" "by_name" {
  key_name           = aws_key_pair.ed25519.key_name
  include_public_key = true
}

data "aws_key_pair" "by_tag" {
  filter {
    name   = "tag:Name"
    values = [local.word]
  }
  depends_on = [aws_key_pair.ed25519]
}

output "instance" {
  value = "read as written"
  precondition {
    condition     = data.aws_instance.by_id.id == data.aws_instance.by_tag.id && data.aws_instance.by_id.private_ip == aws_instance.full.private_ip
    error_message = "a filter finds another instance"
  }
  precondition {
    condition     = length(data.aws_instances.of_subnet.ids) == 8
    error_message = "the subnet has other instances"
  }
  precondition {
    condition     = split(" ", data.aws_key_pair.by_name.public_key)[1] == split(" ", aws_key_pair.ed25519.public_key)[1] && data.aws_key_pair.by_tag.id == data.aws_key_pair.by_name.id
    error_message = "the key pair is read otherwise than imported"
  }
}
