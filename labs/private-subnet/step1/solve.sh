# The neighbour's block: EC2 says no.
if aws ec2 create-subnet --vpc-id "$vpc" --cidr-block 10.52.1.0/24; then exit 1; fi

aws ec2 create-subnet --vpc-id "$vpc" --cidr-block 10.52.2.0/24
