# The VPC's own block: EC2 says no.
if aws ec2 create-route --route-table-id "$subnet1_routeTable" --destination-cidr-block 10.1.0.0/16 \
  --vpc-peering-connection-id "$pcx"; then exit 1; fi

aws ec2 create-route --route-table-id "$subnet1_routeTable" --destination-cidr-block 10.2.0.0/16 \
  --vpc-peering-connection-id "$pcx"
aws ec2 create-route --route-table-id "$subnet2_routeTable" --destination-cidr-block 10.1.0.0/16 \
  --vpc-peering-connection-id "$pcx"
