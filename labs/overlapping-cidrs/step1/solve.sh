one=$(aws ec2 create-vpc --cidr-block 10.80.0.0/16 --query Vpc.VpcId --output text)
two=$(aws ec2 create-vpc --cidr-block 10.80.0.0/16 --query Vpc.VpcId --output text)
aws ec2 create-vpc-peering-connection --vpc-id "$one" --peer-vpc-id "$two"
