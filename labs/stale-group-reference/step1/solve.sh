rules() {
  aws ec2 describe-security-group-rules --filters "Name=group-id,Values=$database_sg" \
    --query "SecurityGroupRules[?!IsEgress].SecurityGroupRuleId" --output text
}
old=$(rules)
aws ec2 authorize-security-group-ingress --group-id "$database_sg" --protocol tcp --port 5432 --source-group "$client_sg"
aws ec2 revoke-security-group-ingress --group-id "$database_sg" --security-group-rule-ids "$old"
