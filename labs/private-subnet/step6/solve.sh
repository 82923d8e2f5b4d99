# The NAT gateway still uses it: EC2 says no.
if aws ec2 release-address --allocation-id "$eip"; then exit 1; fi

# The instances, the gateway and its address, and then what held them.
isthmus delete vpc "$vpc" --yes
