read -r stay leave < <(aws ec2 describe-vpcs --filters Name=cidr,Values=10.80.0.0/16 --query 'Vpcs[].VpcId' --output text)
aws ec2 delete-vpc --vpc-id "$leave"
moved=$(aws ec2 create-vpc --cidr-block 10.81.0.0/16 --query Vpc.VpcId --output text)
peering=$(aws ec2 create-vpc-peering-connection --vpc-id "$stay" --peer-vpc-id "$moved" \
  --query VpcPeeringConnection.VpcPeeringConnectionId --output text)
aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id "$peering"
