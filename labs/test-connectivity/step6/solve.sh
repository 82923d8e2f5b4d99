# An instance is in it, and a rule of the other group names it: EC2 says no.
if aws ec2 delete-security-group --group-id "$front"; then exit 1; fi

isthmus delete vpc "$vpc" --yes
