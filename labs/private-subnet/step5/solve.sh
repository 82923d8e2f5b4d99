allocation=$(aws ec2 allocate-address --query AllocationId --output text)
nat=$(aws ec2 create-nat-gateway --subnet-id "$public" --allocation-id "$allocation" \
  --query NatGateway.NatGatewayId --output text)
aws ec2 wait nat-gateway-available --nat-gateway-ids "$nat"
aws ec2 create-route --route-table-id "$private_routeTable" --destination-cidr-block 0.0.0.0/0 --nat-gateway-id "$nat"
aws ec2 create-network-acl-entry --network-acl-id "$acl" --egress --rule-number 110 --protocol tcp \
  --port-range From=80,To=80 --cidr-block 0.0.0.0/0 --rule-action allow
aws ec2 create-network-acl-entry --network-acl-id "$acl" --ingress --rule-number 110 --protocol tcp \
  --port-range From=1024,To=65535 --cidr-block 0.0.0.0/0 --rule-action allow
