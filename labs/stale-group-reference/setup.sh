# An earlier round of this lab goes first.
tag='ResourceType=vpc,Tags=[{Key=Lab,Value=stale-group-reference}]'
for old in $(aws ec2 describe-vpcs --filters Name=tag:Lab,Values=stale-group-reference \
  --query 'Vpcs[].VpcId' --output text); do isthmus delete vpc "$old" --yes; done

image=resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
make() {
  vpc=$(aws ec2 create-vpc --cidr-block "10.$1.0.0/16" --tag-specifications "$tag" --query Vpc.VpcId --output text)
  subnet=$(aws ec2 create-subnet --vpc-id "$vpc" --cidr-block "10.$1.1.0/24" --query Subnet.SubnetId --output text)
  main=$(aws ec2 describe-route-tables --filters "Name=vpc-id,Values=$vpc" \
    --query 'RouteTables[0].RouteTableId' --output text)
}
group() {
  aws ec2 create-security-group --vpc-id "$1" --group-name "$2" --description "$3" --query GroupId --output text
}
launch() {
  aws ec2 run-instances --image-id "$image" --instance-type t3.micro --subnet-id "$1" --security-group-ids "$2"
}

make 92
vpc2=$vpc subnet2=$subnet main2=$main
make 91
other=$(aws ec2 create-subnet --vpc-id "$vpc" --cidr-block 10.91.2.0/24 --query Subnet.SubnetId --output text)

peering=$(aws ec2 create-vpc-peering-connection --vpc-id "$vpc" --peer-vpc-id "$vpc2" \
  --query VpcPeeringConnection.VpcPeeringConnectionId --output text)
aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id "$peering"
aws ec2 create-route --route-table-id "$main" --destination-cidr-block 10.92.0.0/16 \
  --vpc-peering-connection-id "$peering"
aws ec2 create-route --route-table-id "$main2" --destination-cidr-block 10.91.0.0/16 \
  --vpc-peering-connection-id "$peering"

# The database lets in whoever is in the group `clients` of the other VPC.
first=$(group "$vpc" clients 'Who may ask the database')
database=$(group "$vpc2" database 'The database')
aws ec2 authorize-security-group-ingress --group-id "$database" --protocol tcp --port 5432 --source-group "$first"
launch "$subnet2" "$database"

# Somebody tidies up: the group goes, and another one with its name comes.
aws ec2 delete-security-group --group-id "$first"
clients=$(group "$vpc" clients 'Who may ask the database')
launch "$subnet" "$clients"
guests=$(group "$vpc" guests 'Who may not')
launch "$other" "$guests"
