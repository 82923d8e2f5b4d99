peering=$(aws ec2 create-vpc-peering-connection --vpc-id "$vpc1" --peer-vpc-id "$vpc2" \
  --tag-specifications 'ResourceType=vpc-peering-connection,Tags=[{Key=Name,Value=VPC 1 <> VPC 2}]' \
  --query VpcPeeringConnection.VpcPeeringConnectionId --output text)
aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id "$peering"
