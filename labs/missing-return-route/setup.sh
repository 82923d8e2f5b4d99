# An earlier round of this lab goes first.
tag='ResourceType=vpc,Tags=[{Key=Lab,Value=missing-return-route}]'
for old in $(aws ec2 describe-vpcs --filters Name=tag:Lab,Values=missing-return-route \
  --query 'Vpcs[].VpcId' --output text); do isthmus delete vpc "$old" --yes; done

image=resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
make() {
  vpc=$(aws ec2 create-vpc --cidr-block "10.$1.0.0/16" --tag-specifications "$tag" --query Vpc.VpcId --output text)
  subnet=$(aws ec2 create-subnet --vpc-id "$vpc" --cidr-block "10.$1.1.0/24" --query Subnet.SubnetId --output text)
  table=$(aws ec2 create-route-table --vpc-id "$vpc" --query RouteTable.RouteTableId --output text)
  aws ec2 associate-route-table --route-table-id "$table" --subnet-id "$subnet"
  group=$(aws ec2 run-instances --image-id "$image" --instance-type t3.micro --subnet-id "$subnet" \
    --query 'Instances[0].SecurityGroups[0].GroupId' --output text)
  aws ec2 authorize-security-group-ingress --group-id "$group" \
    --ip-permissions 'IpProtocol=icmp,FromPort=-1,ToPort=-1,IpRanges=[{CidrIp=10.0.0.0/8}]'
}
make 61
vpc1=$vpc table1=$table
make 62
peering=$(aws ec2 create-vpc-peering-connection --vpc-id "$vpc1" --peer-vpc-id "$vpc" \
  --query VpcPeeringConnection.VpcPeeringConnectionId --output text)
aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id "$peering"
aws ec2 create-route --route-table-id "$table1" --destination-cidr-block 10.62.0.0/16 \
  --vpc-peering-connection-id "$peering"

# The way back is in the main table, which the subnet does not use.
main=$(aws ec2 describe-route-tables --filters "Name=vpc-id,Values=$vpc" Name=association.main,Values=true \
  --query 'RouteTables[0].RouteTableId' --output text)
aws ec2 create-route --route-table-id "$main" --destination-cidr-block 10.61.0.0/16 \
  --vpc-peering-connection-id "$peering"
