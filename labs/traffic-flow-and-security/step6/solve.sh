aws ec2 create-network-acl-entry --network-acl-id "$acl" --ingress --rule-number 100 --protocol tcp \
  --port-range From=80,To=80 --cidr-block 203.0.113.0/24 --rule-action allow
aws ec2 create-network-acl-entry --network-acl-id "$acl" --egress --rule-number 100 --protocol tcp \
  --port-range From=1024,To=65535 --cidr-block 203.0.113.0/24 --rule-action allow

# The same number again: EC2 says no. And it would come too late, behind the rule that allows.
if aws ec2 create-network-acl-entry --network-acl-id "$acl" --ingress --rule-number 100 --protocol tcp \
  --port-range From=80,To=80 --cidr-block 203.0.113.20/32 --rule-action deny; then exit 1; fi

aws ec2 create-network-acl-entry --network-acl-id "$acl" --ingress --rule-number 90 --protocol tcp \
  --port-range From=80,To=80 --cidr-block 203.0.113.20/32 --rule-action deny
