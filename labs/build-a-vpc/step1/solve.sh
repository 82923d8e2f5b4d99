aws ec2 create-vpc --cidr-block 10.50.0.0/16
