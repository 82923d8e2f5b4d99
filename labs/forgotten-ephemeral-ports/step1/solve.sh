aws ec2 create-network-acl-entry --network-acl-id "$acl" --rule-number 110 --protocol tcp \
  --port-range From=1024,To=65535 --cidr-block 0.0.0.0/0 --rule-action allow --egress
