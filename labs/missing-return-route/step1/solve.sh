aws ec2 create-route --route-table-id "$subnet2_routeTable" --destination-cidr-block 10.61.0.0/16 \
  --vpc-peering-connection-id "$pcx"
