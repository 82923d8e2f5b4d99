"""Every paginator of an action that Isthmus has: small pages hold what one large answer holds, each thing once."""
import json
import os

from botocore import xform_name

from checks import check, client, run

ec2 = client()
# By action, what the listing has to be told, and whether it is short: {"DescribeVpcs": {"arguments": {}}, ...}.
listings = json.loads(os.environ['ISTHMUS_LISTINGS'])


def same(action, arguments, short=False):
    def compared():
        paginator = ec2.get_paginator(xform_name(action))
        whole = paginator.paginate(**arguments).build_full_result()
        pages = list(paginator.paginate(**arguments, PaginationConfig={'PageSize': 5}))
        key = paginator.result_keys[0].expression
        found = [item for page in pages for item in page.get(key, [])]
        assert found == whole.get(key, []), (len(found), len(whole.get(key, [])))
        assert short or (len(found) > 5 and len(pages) > 1), (len(found), len(pages))
        texts = [json.dumps(item, default=str, sort_keys=True) for item in found]
        assert len(set(texts)) == len(texts), 'a thing is there twice'

    return compared


for action, listing in listings.items():
    # An older boto3 knows fewer actions.
    if hasattr(ec2, xform_name(action)) and ec2.can_paginate(xform_name(action)):
        check(f'{action} in pages')(same(action, **listing))

run()
